"""The files of a product sweep's summary: page, plain data and workbook; and what is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape

from resalloc.reporting.sweep.factors import varied_rows
from resalloc.reporting.sweep.page import Card, Head, sweep_page
from resalloc.reporting.sweep.passing import passing_section
from resalloc.reporting.sweep.product_book import save_product_book
from resalloc.reporting.sweep.product_choices import (
    options_section,
    pareto_section,
    regrets_section,
)
from resalloc.reporting.sweep.product_sections import (
    extremes_section,
    levels_section,
    sites_section,
    told_drawn,
    told_method,
)
from resalloc.reporting.sweep.product_words import (
    as_table,
    measured_in_words,
    never_hold,
    option_name,
    product_headline,
    product_words,
)
from resalloc.reporting.sweep.section import Section, filled
from resalloc.reporting.sweep.words import headline, percent
from resalloc.reporting.terminal import console
from resalloc.reporting.terminal_sweep import show_sweep

if TYPE_CHECKING:
    from rich.console import Console

    from resalloc.sweep.product_work import ProductWork
    from resalloc.sweep.run.run import RunFolder
    from resalloc.sweep.summary.product import ProductSummary
    from resalloc.sweep.sweep import Sweep

PAGE, DATA, BOOK = "sweep.html", "summary.json", "summary.xlsx"


def tell_product(
    ready: Sweep, work: ProductWork, run: RunFolder, out: str | Path, lang: str = "zh"
) -> tuple[ProductSummary, dict[str, Path]]:
    """Summarise a run of a product that is on the disk, and write its page.

    Parameters
    ----------
    ready, work, run
        The sweep, its work, and the folder it ran into.
    out
        Folder for the page.
    lang
        ``"zh"`` or ``"en"``.

    Returns
    -------
    ProductSummary
        What it says.
    dict of str to pathlib.Path
        The files, by name.
    """
    from resalloc.sweep.summary.product import chunks_of, summarise_product

    summary = summarise_product(ready, work, chunks_of(run))
    return summary, write_product_page(summary, out, lang)


def write_product_page(
    summary: ProductSummary, out: str | Path, lang: str = "zh"
) -> dict[str, Path]:
    """Write ``sweep.html``, ``summary.json`` and ``summary.xlsx`` into a folder.

    Parameters
    ----------
    summary
        What the sweep says.
    out
        Folder, made if it is not there; files of the same names are replaced.
    lang
        ``"zh"`` or ``"en"``.
    """
    folder = Path(out)
    page = sweep_page(product_head(summary, lang), product_sections(summary, lang), lang)
    data = json.dumps(summary.as_dict(), ensure_ascii=False, indent=1, allow_nan=False)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / PAGE).write_text(page, encoding="utf-8")
    (folder / DATA).write_text(data + "\n", encoding="utf-8")
    save_product_book(summary, folder / BOOK, lang)
    return {name: folder / name for name in (PAGE, DATA, BOOK)}


def product_sections(summary: ProductSummary, lang: str) -> list[Section]:
    """Give the sections of the page, in order."""
    view = as_table(summary)
    found = [
        passing_section(view, lang),
        options_section(summary, lang),
        pareto_section(summary, lang),
        regrets_section(summary, lang),
        levels_section(summary, lang),
        sites_section(summary, lang),
        extremes_section(summary, lang),
        _varied(summary, lang),
        _method(summary, lang),
    ]
    return [section for section in found if section is not None]


def product_head(summary: ProductSummary, lang: str) -> Head:
    """Give what the page opens with."""
    say = product_words(lang)
    document = summary.problem.norms.document
    plan = document.title if lang == "zh" else document.title_en or document.title
    told = headline(as_table(summary), lang).partition("。" if lang == "zh" else ". ")[2]
    notes = [told, *_best(summary, lang), say["state_of"].format(state=summary.state)]
    return Head(
        title=summary.title,
        over=f"{say['over']} · {plan}",
        lead=product_headline(summary, lang),
        notes=tuple(note for note in notes if note),
        cards=_cards(summary, lang),
    )


def show_product(summary: ProductSummary, lang: str, to: Console | None = None) -> None:
    """Print how the clauses fared, what the scenarios are, and the option that meets most."""
    out = to or console()
    show_sweep(as_table(summary), lang, out)
    for line in (product_headline(summary, lang), *_best(summary, lang)):
        out.print(escape(line), highlight=False, soft_wrap=True)


def _best(summary: ProductSummary, lang: str) -> list[str]:
    """Name the option that meets most, where there is a choice and it makes a difference."""
    if len(summary.options) < 2 or not summary.options.chosen or not summary.weighed:
        return []
    say, table = product_words(lang), summary.ranking
    best = int(table["option"].iloc[0])
    told = say["lead_best"].format(name=option_name(summary, best, lang))
    same = (table["share_holds"] == table["share_holds"].iloc[0]) & (
        table["held"] == table["held"].iloc[0]
    )
    if same.sum() > 1:
        mean = next((c for c in summary.weighed if c.endswith(".mean")), None)
        key = "lead_tied_plain" if mean is None else "lead_tied"
        measure = "" if mean is None else measured_in_words(summary, mean, lang)
        tied = say[key].format(n=f"{int(same.sum()) - 1:,}", measure=measure)
        told += tied if lang == "zh" else f" {tied}"
    return [told]


def _cards(summary: ProductSummary, lang: str) -> tuple[Card, ...]:
    say = product_words(lang)
    counts = [passing.count for passing in summary.clauses.each]
    never, left = len(never_hold(summary)), len(summary.left_out)
    notes = []
    if never:
        notes.append(say["card_joint_never"].format(n=len(summary.counted), never=never))
    if left:
        notes.append(say["card_joint_left"].format(n=left))
    joint = say["card_joint"] if summary.binding else say["joint"]
    unit = say["unit_clauses"]
    first = Card(joint, percent(summary.joint.share_holds), "", "；".join(notes) if lang == "zh"
                 else "; ".join(notes))  # fmt: skip
    wavers = sum(count.wavers for count in counts)
    always = sum(count.holds == count.scenarios for count in counts)
    fails = sum(count.fails > 0 and count.holds == 0 for count in counts)
    per = f"{summary.scenarios // len(summary.options):,}"
    cards = (
        first,
        Card(say["card_wavers"], str(wavers), unit, say["card_wavers_note"]),
        Card(say["card_always"], str(always), unit, ""),
        Card(say["card_never"], str(fails), unit, say["card_never_note"]),
        Card(say["card_options"], f"{len(summary.options):,}", "",
             say["card_options_note"].format(n=per)),
    )  # fmt: skip
    chosen = len(summary.options) > 1 and summary.options.chosen
    return cards if chosen else cards[:-1]


def _varied(summary: ProductSummary, lang: str) -> Section:
    say, rows = product_words(lang), varied_rows(as_table(summary), lang)
    drawn = list(told_drawn(summary, lang))
    body = filled("sweep_varied.html.j2", lang, rows=rows, drawn=drawn)
    return Section("varied", say["varied"], say["varied_note"], body)


def _method(summary: ProductSummary, lang: str) -> Section:
    say = product_words(lang)
    set_here = {v.factor.what for v in summary.factors.each if v.factor is not None}
    shared = [e for e in summary.problem.district.assumptions if e.key not in set_here]
    rows = [
        (e.label(lang), e.value, e.unit_in(lang), e.source_in(lang), e.key) for e in shared
    ]  # fmt: skip
    told = list(told_method(summary, lang))
    body = filled("sweep_method.html.j2", lang, told=told, rows=rows)
    return Section("method", say["method"], "", body)
