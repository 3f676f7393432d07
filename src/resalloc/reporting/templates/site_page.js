"use strict";
(() => {
  const svg = document.querySelector(".plan svg");
  const moving = document.getElementById("moving");
  const tip = document.getElementById("tip");
  if (svg && moving) {
    let k = 1, tx = 0, ty = 0, from = null;
    const bar = document.getElementById("scale");
    const show = () => {
      moving.setAttribute("transform", `translate(${tx},${ty}) scale(${k})`);
      // The bar is true only at the scale it was drawn for.
      if (bar) bar.style.visibility = k === 1 ? "visible" : "hidden";
    };
    const at = (event) => {
      const here = new DOMPoint(event.clientX, event.clientY);
      return here.matrixTransform(moving.parentNode.getScreenCTM().inverse());
    };
    svg.addEventListener("wheel", (event) => {
      event.preventDefault();
      const p = at(event);
      const next = Math.min(40, Math.max(1, k * Math.exp(-event.deltaY / 400)));
      tx = p.x - (p.x - tx) * next / k;
      ty = p.y - (p.y - ty) * next / k;
      k = next;
      if (k === 1) tx = ty = 0;
      show();
    }, { passive: false });
    svg.addEventListener("pointerdown", (event) => {
      const p = at(event);
      from = [p.x - tx, p.y - ty];
      svg.classList.add("drag");
    });
    addEventListener("pointermove", (event) => {
      if (!from) return;
      const p = at(event);
      tx = p.x - from[0];
      ty = p.y - from[1];
      show();
    });
    addEventListener("pointerup", () => { from = null; svg.classList.remove("drag"); });
    document.getElementById("reset").addEventListener("click", () => { k = 1; tx = ty = 0; show(); });
    svg.addEventListener("mouseover", (event) => {
      const shape = event.target.closest("circle, .marks > g");
      const title = shape && shape.querySelector("title");
      tip.hidden = !title;
      if (title) tip.textContent = title.textContent;
    });
    svg.addEventListener("mousemove", (event) => {
      const box = svg.parentNode.getBoundingClientRect();
      tip.style.left = `${event.clientX - box.left + 14}px`;
      tip.style.top = `${event.clientY - box.top + 12}px`;
    });
    svg.addEventListener("mouseleave", () => { tip.hidden = true; });
  }
  const find = document.getElementById("find");
  if (find) {
    const rows = [...document.querySelectorAll("#points tbody tr")];
    find.addEventListener("input", () => {
      const word = find.value.trim();
      for (const row of rows) row.hidden = word !== "" && !row.textContent.includes(word);
    });
  }
})();
