"""The page of a sweep: what a planner hands on; nothing is fetched."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from resalloc.reporting.sweep.section import filled
from resalloc.reporting.sweep.words import headline, in_language, percent, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resalloc.reporting.sweep.section import Section
    from resalloc.sweep.summary.summary import SweepSummary


@dataclass(frozen=True)
class Card:
    """A key figure at the top of the page."""

    name: str
    figure: str
    unit: str
    note: str


@dataclass(frozen=True)
class Head:
    """What the page opens with.

    Parameters
    ----------
    title
        Of the sweep.
    over
        What stands above the title, in small letters: district and plan.
    lead
        The result in words.
    notes
        Sentences below it.
    cards
        Key figures.
    """

    title: str
    over: str
    lead: str
    notes: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()


def sweep_page(head: Head, sections: Sequence[Section], lang: str) -> str:
    """Give a page of sections.

    Parameters
    ----------
    head
        What it opens with.
    sections
        In order.
    lang
        ``"zh"`` or ``"en"``.
    """
    from resalloc import __version__

    return str(
        filled(
            "sweep_page.html.j2", lang, head=head, sections=sections, version=__version__,
            style=_part("style.css"), own_style=_part("sweep_page.css"),
            script=_part("sweep_page.js"),
        )
    )  # fmt: skip


def head_of(summary: SweepSummary, lang: str) -> Head:
    """Give what the page of a summary opens with."""
    say = words(lang)
    document = summary.problem.norms.document
    plan = document.title if lang == "zh" else document.title_en or document.title
    clauses = summary.clauses
    held = say["held"].format(
        n=len(clauses.each),
        low=clauses.held_quantile(0.05),
        median=clauses.held_quantile(0.5),
        high=clauses.held_quantile(0.95),
    )
    notes = [held] if clauses.each else []
    if summary.state:
        notes.append(say["state_of"].format(state=in_language(summary.state, summary, lang)))
    return Head(
        title=in_language(summary.title, summary, lang),
        over=f"{say['over']} · {plan}",
        lead=headline(summary, lang),
        notes=tuple(notes),
        cards=_cards(summary, lang),
    )


def _cards(summary: SweepSummary, lang: str) -> tuple[Card, ...]:
    say, clauses = words(lang), summary.clauses
    counts = [passing.count for passing in clauses.each]
    joint = clauses.joint
    if clauses.binding:
        unknown = (
            say["card_joint_unknown"].format(share=percent(joint.share_unknown))
            if joint.unknown
            else say["card_joint_known"]
        )
        note = say["card_joint_note"].format(n=len(clauses.binding), unknown=unknown)
        first = Card(say["card_joint"], percent(joint.share_holds), "", note)
    else:
        first = Card(say["card_joint"], "—", "", say["no_binding"])
    wavers = sum(count.wavers for count in counts)
    always = sum(count.holds == count.scenarios for count in counts)
    never = sum(count.fails > 0 and count.holds == 0 for count in counts)
    unsaid = sum(count.unknown == count.scenarios for count in counts)
    unit = say["unit_clauses"]
    return (
        first,
        Card(say["card_wavers"], str(wavers), unit, say["card_wavers_note"]),
        Card(say["card_always"], str(always), unit, ""),
        Card(say["card_never"], str(never), unit, say["card_never_note"]),
        Card(say["card_unknown"], str(unsaid), unit, say["card_unknown_note"]),
    )


def _part(name: str) -> Markup:
    return Markup((files("resalloc.reporting") / "templates" / name).read_text(encoding="utf-8"))
