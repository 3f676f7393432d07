"""What is chosen in every future, in some, in none: stations, fever clinics, beds, staff."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from resalloc.reporting.sweep.reoptimised_facts import stands
from resalloc.reporting.sweep.reoptimised_table import Cell, Table, number, tables_section
from resalloc.reporting.sweep.reoptimised_words import own_words, sentence, signed
from resalloc.reporting.sweep.words import figure, listed
from resalloc.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resalloc.reporting.sweep.reoptimised_facts import Facts
    from resalloc.reporting.sweep.section import Section
    from resalloc.sweep.reoptimise.chosen import Choice

_TOTALS = ("beds_total", "beds", "staff", "equipment", "supply", "crews", "vehicles")
NAMED = 3
"""Places that the headline names."""


def chosen_section(facts: Facts, lang: str) -> Section | None:
    """Give what the plans share; None where there is no plan."""
    if not facts.choices:
        return None
    tables = [
        _places(facts, "crewed", lang),
        _places(facts, "fever", lang),
        _beds(facts, lang),
        _totals(facts, lang),
    ]
    return tables_section("chosen", tables, lang)


def _places(facts: Facts, block: str, lang: str) -> Table:
    """Tell sites or clinics, those together that are chosen equally often."""
    own = own_words(lang)
    tiers = vocabulary().list("fever_tier")
    lots: dict[tuple[int, int, str], list[Choice]] = {}
    for choice in facts.places(block):
        if choice.chosen:
            lots.setdefault((choice.chosen, choice.of, choice.item), []).append(choice)
    rows = []
    for (_, _, item), lot in sorted(lots.items(), key=lambda each: -each[0][0] / each[0][1]):
        names = [c.place + (own["there_already"] if stands(c) else "") for c in lot]
        tier = [Cell(tiers[item].label(lang) if item in tiers else item)] if item else []
        rows.append((how_often(lot[0], lang), *tier, number(str(len(lot))),
                     Cell(listed(names, lang))))  # fmt: skip
    told = [choice for lot in lots.values() for choice in lot]
    doubt = sum(math.isnan(choice.today) for choice in told)
    never = [c.place for c in facts.places(block) if not c.chosen and stands(c)]
    notes = [own["unknown_today"].format(n=doubt, of=len(told))] if doubt else []
    if never:
        notes.append(own["given_up"].format(n=len(never), names=listed(never, lang)))
    heads = (own["chosen_in"], *([own["tier"]] if block == "fever" else []), "#" + own["places"],
             own["names"])  # fmt: skip
    return Table(own[f"{block}_title"], sentence(notes, lang), heads, tuple(rows))


def how_often(choice: Choice, lang: str) -> Cell:
    """Show in how many futures it is chosen."""
    share = choice.chosen / choice.of if choice.of else 0.0
    return Cell(choice.how_often(lang), share=share)


def _beds(facts: Facts, lang: str) -> Table:
    own = own_words(lang)
    more = [c for c in facts.places("beds_total") if c.chosen]
    more.sort(key=lambda c: (-c.chosen / max(1, c.of), -c.added[1], -c.added[2]))
    rest = len(facts.places("beds_total")) - len(more)
    rows = [_amounts(c, c.place, lang) for c in more]
    rows += [_amounts(c, own["whole"], lang) for c in facts.whole("beds_total") if more]
    heads = (own["institution"], "#" + own["today"], "#" + own["planned"], "#" + own["added"],
             own["chosen_in"])  # fmt: skip
    return Table(own["beds_title"], own["beds_note"].format(n=rest), heads, tuple(rows))


def _amounts(c: Choice, name: str, lang: str) -> tuple[Cell, ...]:
    added = [signed(value) for value in c.added]
    return (
        Cell(name),
        number(figure(c.today)),
        number(spread([figure(value) for value in c.planned])),
        number(spread(added), tone="mark" if c.always else ""),
        how_often(c, lang),
    )


def spread(values: Sequence[str]) -> str:
    """Write least, middle and most; once where they are one."""
    return values[0] if len(set(values)) == 1 else " — ".join(values)


def _totals(facts: Facts, lang: str) -> Table:
    own = own_words(lang)
    rows = []
    for block in _TOTALS:
        for c in facts.whole(block):
            if c.of and any(abs(value) > 1e-6 for value in c.added):
                what = c.label(lang).removeprefix(own["whole_before"])
                rows.append(_amounts(c, what, lang))
    heads = (own["what"], "#" + own["today"], "#" + own["planned"], "#" + own["added"],
             own["chosen_in"])  # fmt: skip
    return Table(own["totals_title"], own["totals_note"], heads, tuple(rows))


def always_chosen(facts: Facts, lang: str) -> list[str]:
    """Say what every plan chooses, one phrase a block, and of how much today is not known."""
    own, told = own_words(lang), []
    for block in ("crewed", "fever", "beds_total"):
        every = facts.always(block)
        names = list(dict.fromkeys(c.place for c in every))
        if not names:
            continue
        more = own["etc"] if len(names) > NAMED else ""
        shown = listed(names[:NAMED], lang) + more
        unknown = len({c.place for c in every if math.isnan(c.today)})
        doubt = own["today_unknown"].format(n=unknown) if unknown else ""
        told.append(own[f"always_{block}"].format(n=len(names), names=shown, doubt=doubt))
    return told
