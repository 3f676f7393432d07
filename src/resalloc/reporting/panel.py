"""What a click on the map shows: one institution's figures, as plain data for the page."""

from __future__ import annotations

import math
from typing import Any

from resalloc.reporting.figures import Figures, cadres_in_order
from resalloc.reporting.notes import basis_text
from resalloc.reporting.sources import clauses_of_places, clauses_on
from resalloc.reporting.texts import Text, texts
from resalloc.vocabulary import vocabulary

Part = tuple[Text, dict[str, list[dict[str, Any]]]]
_LISTS = {"beds": "bed_kind", "staff": "cadre", "equipment": "equipment"}


def panel_data(f: Figures) -> dict[str, Any]:
    """Give every institution's figures: label in both languages, today, planned, link."""
    providers, words = f.problem.district.providers(), vocabulary()
    tiers = [f.fever_tier(planned=planned) for planned in (False, True)]
    may_have = f.columns["fever"].upper.sum(axis=1) > 0
    parts = [_beds(f), _counted(f, "staff"), _counted(f, "equipment"), _emergency(f)]
    found: dict[str, Any] = {}
    for i, name in enumerate(map(str, providers.index)):
        provider = providers.iloc[i]
        kind = words.list("institution_kind")[provider["kind"]]
        position = basis_text(f.problem.district, str(provider["position_basis"]))
        found[name] = {
            "kind": {"zh": kind.zh, "en": kind.en},
            "township": str(provider["township"]),
            "position": {"zh": position.zh, "en": position.en},
            "fever": [_tier(side[name]) for side in tiers] if may_have[i] else None,
            "groups": [
                {"zh": head.zh, "en": head.en, "rows": rows[name]}
                for head, rows in parts
                if rows[name]
            ],
        }
    return found


def _beds(f: Figures) -> Part:
    """Give the beds of every institution: the total, then by kind."""
    head, by_kind = _counted(f, "beds")
    fixed, asked = clauses_of_places(f.problem, "beds"), clauses_on(f.problem, "beds")
    before, after = (f.table("beds_total", planned=p)["beds_total"] for p in (False, True))
    term = texts()["term.beds"]
    rows = {}
    for place, kinds in by_kind.items():
        anchor = fixed.get((place, ""), asked[0].anchor if asked else "data-beds")
        total = _row(term, float(before[place]), float(after[place]), anchor, strong=True)
        rows[place] = [total, *kinds]
    return head, rows


def _counted(f: Figures, block: str) -> Part:
    """Give what there is of each kind of a block, by institution."""
    entries = vocabulary().list(_LISTS[block])
    order = cadres_in_order() if block == "staff" else tuple(entries)
    fixed = clauses_of_places(f.problem, block)
    asked = {item: clauses_on(f.problem, block, item) for item in order}
    tables = [f.table(block, planned=planned)[list(order)] for planned in (False, True)]
    before, after = (table.to_numpy(dtype=float) for table in tables)
    rows: dict[str, list[dict[str, Any]]] = {}
    for i, place in enumerate(map(str, tables[0].index)):
        rows[place] = []
        for j, item in enumerate(order):
            entry, was, is_now = entries[item], before[i, j], after[i, j]
            if was > 0 or is_now > 0:
                general = asked[item][0].anchor if asked[item] else "method"
                anchor = fixed.get((place, item), general)
                inner = bool(entry.extra.get("part_of")) or block == "beds"
                rows[place].append(_row(Text(entry.zh, entry.en), was, is_now, anchor, inner=inner))
    return texts()[f"panel.{block}"], rows


def _emergency(f: Figures) -> Part:
    """Give station, crews and vehicles of every institution that is a site."""
    rows: dict[str, list[dict[str, Any]]] = {
        str(name): [] for name in f.problem.district.providers().index
    }
    for block in ("station", "crews", "vehicles"):
        asked = clauses_on(f.problem, block) or clauses_on(f.problem, block, "", "primary_care")
        anchor = asked[0].anchor if asked else "data-fleet"
        before, after = (f.by_provider_site(block, planned=p) for p in (False, True))
        for place, held in rows.items():
            was, is_now = float(before[place]), float(after[place])
            if not (math.isnan(was) and math.isnan(is_now)):
                held.append(_row(texts()[f"term.{block}"], was, is_now, anchor))
    return texts()["panel.emergency"], rows


def _row(
    name: Text,
    before: float,
    after: float,
    anchor: str,
    *,
    strong: bool = False,
    inner: bool = False,
) -> dict[str, Any]:
    return {
        "zh": name.zh, "en": name.en, "today": _known(before), "plan": _known(after), "to": anchor,
        "strong": strong, "inner": inner,
    }  # fmt: skip


def _known(value: float) -> int | None:
    return None if math.isnan(value) else round(value)


def _tier(tier: str) -> dict[str, str]:
    if tier in {"", "?"}:
        word = texts()["fever.none" if tier == "" else "fever.unknown"]
        return {"zh": word.zh, "en": word.en}
    entry = vocabulary().list("fever_tier")[tier]
    return {"zh": entry.zh, "en": entry.en}
