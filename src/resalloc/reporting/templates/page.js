"use strict";
(function () {
  var root = document.documentElement;
  var byId = function (id) { return document.getElementById(id); };
  var all = function (css, from) { return Array.prototype.slice.call((from || document).querySelectorAll(css)); };
  var lang = function () { return root.dataset.lang; };
  var data = JSON.parse(byId("map-data").textContent);

  function element(name, text, className) {
    var made = document.createElement(name);
    if (text !== undefined && text !== null) { made.textContent = text; }
    if (className) { made.className = className; }
    return made;
  }
  function both(pair) {
    var made = element("span");
    made.appendChild(element("span", pair.zh, "zh"));
    made.appendChild(element("span", pair.en, "en"));
    return made;
  }

  /* --- language: phrases in attributes and options follow the switch --- */
  function speak(to) {
    root.dataset.lang = to;
    root.lang = to === "zh" ? "zh-CN" : "en";
    all("[data-zh]").forEach(function (node) {
      var words = node.dataset[to];
      if (node.tagName === "INPUT") { node.placeholder = words; }
      else if (node.tagName === "OPTION") { node.textContent = words; }
    });
    filter();
  }
  byId("lang").addEventListener("click", function () { speak(lang() === "zh" ? "en" : "zh"); });
  byId("print").addEventListener("click", function () { window.print(); });

  /* --- scorecard: filters, folding, rows that open --- */
  var clauses = all("tbody.clause");
  var opened = {};
  function filter() {
    var wanted = {}, nature = byId("by-nature").value, text = byId("by-text").value.trim().toLowerCase();
    all(".chip").forEach(function (chip) { wanted[chip.dataset.verdict] = chip.getAttribute("aria-pressed") === "true"; });
    var shown = 0, families = {};
    clauses.forEach(function (body) {
      var fits = wanted[body.dataset.verdict] && (!nature || body.dataset.nature === nature) &&
        (!text || (body.id + " " + body.textContent).toLowerCase().indexOf(text) >= 0);
      var family = body.dataset.member;
      if (family && fits) { families[family] = true; }
      body.hidden = !fits || Boolean(family && !opened[family] && !text);
      shown += fits ? 1 : 0;
    });
    all("tbody.family").forEach(function (body) {
      body.hidden = !families[body.dataset.family];
      body.classList.toggle("open", Boolean(opened[body.dataset.family]));
    });
    byId("shown").textContent = byId("shown").dataset[lang()].replace("{n}", shown + "/" + clauses.length);
  }
  function toggle(body, open) {
    var line = body.querySelector("tr.line"), more = body.querySelector("tr.more");
    more.hidden = open === undefined ? !more.hidden : !open;
    line.setAttribute("aria-expanded", String(!more.hidden));
  }
  function pressed(event) { return event.type === "click" || event.key === "Enter" || event.key === " "; }
  function onPress(node, act) {
    ["click", "keydown"].forEach(function (kind) {
      node.addEventListener(kind, function (event) {
        if (!pressed(event) || event.target.closest("a")) { return; }
        if (event.type === "keydown") { event.preventDefault(); }
        act();
      });
    });
  }
  clauses.forEach(function (body) { onPress(body.querySelector("tr.line"), function () { toggle(body); }); });
  all("tbody.family").forEach(function (body) {
    onPress(body.querySelector("tr"), function () { opened[body.dataset.family] = !opened[body.dataset.family]; filter(); });
  });
  all(".chip").forEach(function (chip) {
    if (chip.dataset.verdict === "not_computable" || chip.dataset.verdict === "context") { chip.setAttribute("aria-pressed", "false"); }
    chip.addEventListener("click", function () {
      chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
      filter();
    });
  });
  byId("by-nature").addEventListener("change", filter);
  byId("by-text").addEventListener("input", filter);

  /* a link to a clause shows it, whatever is filtered or folded */
  function follow() {
    var target = byId(decodeURIComponent(location.hash.slice(1)));
    if (!target) { return; }
    if (target.classList.contains("clause")) {
      if (target.dataset.member) { opened[target.dataset.member] = true; filter(); }
      target.hidden = false;
      toggle(target, true);
    }
    var fold = target.closest("details");
    if (fold) { fold.open = true; }
    target.scrollIntoView({ block: "start" });
  }
  window.addEventListener("hashchange", follow);

  /* --- tables: a second head row stands below the first; one wider than the page says so --- */
  function measure() {
    all("table.sortable").forEach(function (table) {
      var first = table.querySelector("thead tr"), box = table.parentElement;
      var heads = all("th:not([rowspan])", first);
      var height = heads.length ? heads[0].getBoundingClientRect().height : 0;
      table.style.setProperty("--row1", (height - 1) + "px");
      var cut = box.scrollWidth > box.clientWidth + 1;
      box.classList.toggle("cut", cut);
      box.previousElementSibling.classList.toggle("on", cut);
    });
  }
  window.addEventListener("resize", measure);
  all("details.table").forEach(function (fold) { fold.addEventListener("toggle", measure); });
  byId("lang").addEventListener("click", measure);
  measure();

  /* --- tables: a click on a head sorts --- */
  all("table.sortable").forEach(function (table) {
    all("th[data-col]", table).forEach(function (head) {
      head.addEventListener("click", function (event) {
        if (event.target.closest("a")) { return; }
        var up = head.classList.contains("sorted") && !head.classList.contains("up");
        all("th", table).forEach(function (other) { other.classList.remove("sorted", "up"); });
        head.classList.add("sorted");
        head.classList.toggle("up", up);
        var col = Number(head.dataset.col), body = table.tBodies[0];
        var key = function (row) {
          var text = row.cells[col].textContent.replace(/[,+]/g, "").replace("−", "-");
          return text === "—" ? NaN : Number(text);
        };
        Array.prototype.slice.call(body.rows).sort(function (a, b) {
          var x = key(a), y = key(b), order;
          if (isNaN(x) && isNaN(y)) { order = a.cells[col].textContent.localeCompare(b.cells[col].textContent, "zh"); return up ? -order : order; }
          if (isNaN(x) || isNaN(y)) { return isNaN(x) ? 1 : -1; }
          return up ? x - y : y - x;
        }).forEach(function (row) { body.appendChild(row); });
      });
    });
  });

  /* --- map: colours, layers, zoom, and the panel --- */
  var svg = byId("map-svg"), view = byId("view"), tip = byId("map-tip");
  var state = 1, at = { k: 1, x: 0, y: 0 };
  function layer() { return data.layers.filter(function (l) { return l.id === byId("map-layer").value; })[0] || data.layers[0]; }
  function paint() {
    var chosen = layer(), legend = byId("map-legend"), unknown = false;
    all(".cell").forEach(function (cell) {
      var value = chosen.values[cell.dataset.township][state];
      var known = value[1] !== "—";
      unknown = unknown || !known;
      cell.setAttribute("fill", known ? value[0] : "url(#hatch)");
    });
    legend.textContent = "";
    var title = element("b");
    title.appendChild(both(chosen));
    legend.appendChild(title);
    if (chosen.to.length) {
      var link = element("a", " §", "src");
      link.href = "#" + chosen.to[0];
      legend.appendChild(link);
    }
    var unit = element("div", null, "dim small");
    unit.appendChild(both(chosen.unit));
    legend.appendChild(unit);
    var rows = chosen.classes.map(function (pair) { return [pair[0], { zh: pair[1], en: pair[1] }]; });
    if (unknown) { rows.push(["repeating-linear-gradient(45deg,#eceff0 0 3px,#c3cacf 3px 5px)", data.words["map.unknown"]]); }
    rows.forEach(function (pair) {
      var row = element("div", null, "row"), box = element("i");
      box.style.background = pair[0];
      row.appendChild(box);
      row.appendChild(both(pair[1]));
      legend.appendChild(row);
    });
  }
  byId("map-layer").addEventListener("change", paint);
  all("#map-state button").forEach(function (button) {
    button.addEventListener("click", function () {
      state = Number(button.dataset.state);
      all("#map-state button").forEach(function (other) { other.classList.toggle("on", other === button); });
      paint();
    });
  });
  byId("map-radius").addEventListener("change", circles);
  var chosenPlace = null;
  function circles() {
    var norm = byId("map-radius").value;
    all(".radius").forEach(function (circle) {
      circle.style.display = norm && circle.dataset.radius === norm ? "" : "none";
      circle.style.strokeWidth = circle.dataset.station === chosenPlace ? "2.6" : "";
      circle.style.fillOpacity = circle.dataset.station === chosenPlace ? "0.1" : "";
    });
  }
  function thin() {
    var close = at.k > 2.4, inset = byId("map-inset");
    if (inset) {
      inset.style.display = close ? "none" : "";
      all("#map-svg .dense, #map-svg .ring").forEach(function (node) { node.style.display = close !== node.classList.contains("ring") ? "" : "none"; });
    }
    all("#map-svg .dot").forEach(function (dot) { dot.setAttribute("r", dot.dataset.r / Math.sqrt(at.k)); });
    var scale = document.querySelector("#map-svg .scale");
    scale.querySelector("text").textContent = Number((scale.dataset.km / at.k).toPrecision(2)) + " km";
  }
  function show(box, css) { byId(box).addEventListener("change", function (event) { all(css).forEach(function (node) { node.style.display = event.target.checked ? "" : "none"; }); }); }
  show("map-fever", ".canvas .tier");
  show("map-dots", "#map-svg .dots");
  show("map-names", ".canvas .names");

  function place() {
    view.setAttribute("transform", "translate(" + at.x + "," + at.y + ") scale(" + at.k + ")");
    var matrix = svg.getScreenCTM(), size = 1 / (at.k * (matrix && matrix.a ? Math.min(1, matrix.a) : 1));
    all(".fix", view).forEach(function (node) {
      node.setAttribute("transform", "translate(" + node.dataset.x + "," + node.dataset.y + ") scale(" + size + ")");
    });
    thin();
  }
  function spot(event) {
    var point = svg.createSVGPoint();
    point.x = event.clientX;
    point.y = event.clientY;
    return point.matrixTransform(svg.getScreenCTM().inverse());
  }
  function zoom(factor, around) {
    var k = Math.min(12, Math.max(1, at.k * factor));
    at.x = around.x - (around.x - at.x) * k / at.k;
    at.y = around.y - (around.y - at.y) * k / at.k;
    at.k = k;
    if (k === 1) { at.x = 0; at.y = 0; }
    place();
  }
  svg.addEventListener("wheel", function (event) { event.preventDefault(); zoom(event.deltaY < 0 ? 1.25 : 0.8, spot(event)); }, { passive: false });
  svg.addEventListener("dblclick", function (event) { zoom(1.8, spot(event)); });
  byId("map-reset").addEventListener("click", function () { at = { k: 1, x: 0, y: 0 }; place(); });
  byId("map-town").addEventListener("click", function () {
    var k = 5, box = svg.viewBox.baseVal, town = byId("map-town").dataset;
    at = { k: k, x: box.width / 2 - town.x * k, y: box.height / 2 - town.y * k };
    place();
  });
  window.addEventListener("resize", place);
  var grip = null;
  svg.addEventListener("pointerdown", function (event) { var p = spot(event); grip = { x: p.x - at.x, y: p.y - at.y }; });
  window.addEventListener("pointerup", function () { grip = null; svg.classList.remove("drag"); });
  svg.addEventListener("pointermove", function (event) {
    if (grip) {
      var p = spot(event);
      if (Math.abs(p.x - grip.x - at.x) + Math.abs(p.y - grip.y - at.y) > 3) { svg.classList.add("drag"); at.x = p.x - grip.x; at.y = p.y - grip.y; place(); }
    }
    var cell = event.target.closest(".cell"), marker = event.target.closest(".marker");
    tip.hidden = !cell && !marker;
    if (cell || marker) {
      var box = svg.parentNode.getBoundingClientRect();
      var value = cell ? layer().values[cell.dataset.township][state][1] : "";
      tip.textContent = cell ? cell.dataset.township + "：" + value + " " + layer().unit[lang()] : marker.dataset.institution;
      tip.style.left = Math.min(event.clientX - box.left + 14, box.width - 210) + "px";
      tip.style.top = event.clientY - box.top + 12 + "px";
    }
  });
  svg.addEventListener("pointerleave", function () { tip.hidden = true; });

  function cellOf(value) { return value === null ? "—" : value.toLocaleString("en-US"); }
  function open(name) {
    var of = data.institutions[name], panel = byId("panel");
    if (!of) { return; }
    chosenPlace = name;
    all(".marker").forEach(function (marker) { marker.classList.toggle("on", marker.dataset.institution === name); });
    panel.textContent = "";
    panel.dataset.institution = name;
    panel.appendChild(element("h4", name));
    var line = element("p", null, "dim small");
    line.style.margin = "0";
    line.appendChild(both(of.kind));
    line.appendChild(document.createTextNode(" · " + of.township));
    panel.appendChild(line);
    of.groups.forEach(function (group) {
      var head = element("h5");
      head.appendChild(both(group));
      panel.appendChild(head);
      var table = element("table"), top = element("tr");
      ["", data.years[0], data.years[1]].forEach(function (year, i) { top.appendChild(element("th", year, i ? "n" : "")); });
      var change = element("th", null, "n");
      change.appendChild(both(data.words["panel.change"]));
      top.appendChild(change);
      table.appendChild(top);
      group.rows.forEach(function (row) {
        var made = element("tr", null, row.strong ? "strong" : row.inner ? "inner" : "");
        var name = element("td");
        name.appendChild(both(row));
        made.appendChild(name);
        made.appendChild(element("td", cellOf(row.today), "n"));
        var plan = element("td", null, "n"), link = element("a", cellOf(row.plan));
        link.href = "#" + row.to;
        plan.appendChild(link);
        made.appendChild(plan);
        var by = row.today === null || row.plan === null ? null : row.plan - row.today;
        made.appendChild(element("td", by === null ? "—" : by > 0 ? "+" + cellOf(by) : cellOf(by), "n"));
        table.appendChild(made);
      });
      panel.appendChild(table);
    });
    if (of.fever) {
      var title = element("h5");
      title.appendChild(both(data.words["panel.fever"]));
      panel.appendChild(title);
      var tiers = element("div"), to = element("a");
      tiers.appendChild(both(of.fever[0]));
      tiers.appendChild(document.createTextNode(" → "));
      to.appendChild(both(of.fever[1]));
      to.href = "#fever";
      tiers.appendChild(to);
      panel.appendChild(tiers);
    }
    var where = element("p", null, "dim small");
    where.appendChild(both(data.words["panel.position"]));
    where.appendChild(document.createTextNode("："));
    where.appendChild(both(of.position));
    panel.appendChild(where);
    circles();
  }
  all(".marker").forEach(function (marker) { onPress(marker, function () { open(marker.dataset.institution); }); });

  speak(lang());
  paint();
  place();
  if (location.hash) { follow(); }
})();
