"""The page: templates filled with the figures; nothing on it is fetched from anywhere."""

from __future__ import annotations

import json
import math
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from resalloc.reporting.added_cost import OWNERS, added_cost
from resalloc.reporting.charts import charts
from resalloc.reporting.figures import Figures, figures
from resalloc.reporting.headline import key_figures, met_sentence, sentence
from resalloc.reporting.html_figures import figure
from resalloc.reporting.lines import SYMBOLS, grouped, scorecard_lines
from resalloc.reporting.map import MapView, map_view
from resalloc.reporting.notes import data_notes, replaced, used_by
from resalloc.reporting.panel import panel_data
from resalloc.reporting.priorities import priorities
from resalloc.reporting.tables import tables
from resalloc.reporting.texts import Text, texts
from resalloc.reporting.words import change_in_words
from resalloc.vocabulary import vocabulary

if TYPE_CHECKING:
    from resalloc.result.result import Result


def page(result: Result, lang: str) -> str:
    """Give the whole page of a result.

    Parameters
    ----------
    result
        What a solve gave.
    lang
        ``"zh"`` or ``"en"``: what it opens in.
    """
    from resalloc import __version__

    f = figures(result)
    lines = scorecard_lines(result)
    drawn = map_view(f)
    return environment().get_template("report.html.j2").render(
        lang=lang, result=result, f=f, version=__version__,
        problem=result.problem, district=result.problem.district,
        document=result.problem.norms.document,
        key_figures=key_figures(f, lines), sentence=sentence(f), met=met_sentence(result),
        groups=grouped(lines), counts=result.scorecard.counts(), symbols=SYMBOLS,
        map=drawn, map_json=_json(_map_data(f, drawn)), still=False, layer=drawn.layers[0],
        lang_still=lang, charts=charts(f), tables=tables(f),
        notes=data_notes(result.problem), replaced=replaced(result.problem), used_by=used_by,
        priorities=priorities(result), cost=added_cost(f), owners=OWNERS,
        message=Text.of(result.message_in),
        changes=[change_in_words(text) for text in result.problem.norms.changes],
        rows_count=sum(len(block) for block in result.rows.norms),
        links_count=sum(len(link.lo) for link in result.rows.links),
        tiers=vocabulary().list("fever_tier"), crowded=_crowded(drawn),
        style=_part("style.css"), script=_part("page.js"),
    )  # fmt: skip


def map_svg(result: Result, lang: str) -> str:
    """Give the map of the plan as a picture of its own, coloured by beds per 1,000."""
    f = figures(result)
    drawn = map_view(f)
    return environment().get_template("still_map.svg.j2").render(
        map=drawn, still=True, layer=drawn.layers[0], lang_still=lang, f=f,
        district=f.problem.district, tiers=vocabulary().list("fever_tier"),
        crowded=_crowded(drawn),
    )  # fmt: skip


def environment() -> Environment:
    """Give the template environment with the report's filters and words."""
    made = Environment(
        loader=PackageLoader("resalloc.reporting", "templates"),
        autoescape=select_autoescape(["html.j2", "svg.j2"], default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["both"] = both
    made.filters["figure"] = figure
    made.filters["said"] = lambda phrase: both(Text.of(phrase))
    made.globals["t"] = lambda key: both(texts()[key])
    made.globals["word"] = lambda key: texts()[key]
    made.globals["isnan"] = lambda value: isinstance(value, float) and math.isnan(value)
    return made


def both(text: Text | str) -> Markup:
    """Write a phrase in both languages; the page shows one of them."""
    if isinstance(text, str):
        return escape(text)
    if text.zh == text.en:
        return escape(text.zh)
    return Markup('<span class="zh">{}</span><span class="en">{}</span>').format(text.zh, text.en)


def _map_data(f: Figures, drawn: MapView) -> dict[str, Any]:
    shown = [
        {
            "id": layer.id,
            "zh": layer.title.zh, "en": layer.title.en,
            "unit": {"zh": layer.unit.zh, "en": layer.unit.en},
            "classes": layer.classes(),
            "to": [source.anchor for source in layer.sources[:1]],
            "values": {
                name: [
                    [layer.colour(v), figure(v, layer.digits)] for v in pair
                ]
                for name, pair in layer.values.items()
            },
        }
        for layer in drawn.layers
    ]  # fmt: skip
    words = ("panel.change", "panel.fever", "panel.position", "map.unknown", "table.township")
    return {
        "layers": shown,
        "years": [f.base_year, f.plan_year],
        "institutions": panel_data(f),
        "words": {key: {"zh": texts()[key].zh, "en": texts()[key].en} for key in words},
    }


def _crowded(drawn: MapView) -> frozenset[str]:
    """Give the townships whose name must make room for a ring of institutions."""
    rings = [spot for spot in drawn.spots if len(spot.markers) > 1]
    return frozenset(
        cell.name
        for cell in drawn.cells
        if any(abs(cell.x - spot.x) + abs(cell.y - spot.y) < 2 for spot in rings)
    )


def _json(content: object) -> Markup:
    """Write JSON that may stand inside a script element."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))


def _part(name: str) -> Markup:
    return Markup((files("resalloc.reporting") / "templates" / name).read_text(encoding="utf-8"))
