"""What ``resalloc site`` shows: the open sites, the result and its proof, what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from resalloc.reporting.siting import words as site_words
from resalloc.reporting.terminal import console
from resalloc.reporting.texts import texts

if TYPE_CHECKING:
    from resalloc.study.study import Study

MOST = 40
"""Open sites that are listed."""


def show_study(study: Study, lang: str) -> None:
    """Print a study for a person."""
    out = console()
    words = {key.removeprefix("site."): text.label(lang) for key, text in texts().items()}
    out.print(f"[bold]{escape(site_words.model_title(study, lang))}[/]", highlight=False)
    if site_words.found(study):
        out.print(_table(study, lang))
        rest = len(study.facts.sites) - MOST
        if rest > 0:
            out.print(f"  {words['legend_rest'].format(count=rest)}", highlight=False)
    style = "bold" if site_words.found(study) else "bold red"
    for line in (site_words.headline(study, lang), site_words.missed(study, lang)):
        if line:
            out.print(f"[{style}]{escape(line)}[/]", highlight=False, soft_wrap=True)
            style = "red"
    if site_words.found(study):
        out.print(escape(site_words.proof(study, lang)), highlight=False, soft_wrap=True)
        if study.siting.message:
            out.print(escape(study.siting.message), highlight=False, soft_wrap=True)
    out.print(f"{words['assumed']}{'：' if lang == 'zh' else ':'}", highlight=False)
    for line in site_words.assumed(study, lang):
        out.print(f"  · {escape(line)}", highlight=False, soft_wrap=True)


def show_no_map(study: Study, lang: str) -> None:
    """Say why there is no map, where there is none."""
    if not study.has_positions:
        console().print(texts()["site.no_map"].label(lang), highlight=False)


def _table(study: Study, lang: str) -> Table:
    words = {key.removeprefix("site."): text.label(lang) for key, text in texts().items()}
    unit = site_words.unit(study, lang)
    who = site_words.who(study, lang)
    capacity = study.given.capacity if "capacity" in study.model.columns else None
    by_unit = f" ({unit})" if unit else ""
    table = Table()
    table.add_column(words["site"])
    weighed = "weight" in study.points.columns
    covers = any(f.covered != f.people for f in study.facts.sites)
    if study.model.serves:
        table.add_column(words["served_points"], justify="right")
        if weighed:
            table.add_column(words["served_people"].format(who=who), justify="right")
        if covers:
            table.add_column(words["covered_people"].format(who=who), justify="right")
        if capacity is not None:
            table.add_column(words["capacity"], justify="right")
        table.add_column(words["mean"] + by_unit, justify="right")
        table.add_column(words["worst"] + by_unit, justify="right")
    if study.given.fixed.any():
        table.add_column(words["state"])
    for f in site_words.sites_in_order(study)[:MOST]:
        cells = [escape(study.sites.names[f.site])]
        if study.model.serves:
            cells.append(f"{f.points:,}")
            if weighed:
                cells.append(site_words.figure(f.people))
            if covers:
                cells.append(site_words.figure(f.covered))
            if capacity is not None:
                cells.append(site_words.figure(float(capacity[f.site])))
            cells += [site_words.figure(f.mean), site_words.figure(f.worst)]
        if study.given.fixed.any():
            cells.append(words["fixed"] if study.given.fixed[f.site] else "")
        table.add_row(*cells)
    return table
