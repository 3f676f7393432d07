"""What a re-optimisation's page opens with, and the method it closes with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resalloc.reporting.sweep.page import Card, Head
from resalloc.reporting.sweep.reoptimised_chosen import always_chosen
from resalloc.reporting.sweep.reoptimised_words import (
    future_name,
    in_words,
    norm_name,
    own_words,
    plan_name,
    sentence,
    settings,
    short_list,
)
from resalloc.reporting.sweep.section import Section, filled
from resalloc.reporting.sweep.words import figure, words
from resalloc.status import Status
from resalloc.sweep.reoptimise.evaluate import SHORT

if TYPE_CHECKING:
    from resalloc.reporting.sweep.reoptimised_facts import Facts
    from resalloc.sweep.reoptimise.regret import Regret

_HELD = {"held": "held_everywhere", "broken": "broken_somewhere"}
_ALWAYS = ("crewed", "fever", "beds_total")


def head_of(facts: Facts, lang: str, title: str) -> Head:
    """Give what the page opens with."""
    document = facts.found.problem.norms.document
    plan = document.title if lang == "zh" else document.title_en or document.title
    return Head(
        title=title,
        over=f"{own_words(lang)['over']} · {plan}",
        lead=headline(facts, lang),
        notes=tuple(_notes(facts, lang)),
        cards=_cards(facts, lang),
    )


def headline(facts: Facts, lang: str) -> str:
    """Say in how many futures there is a plan, what all plans share, and which to prefer."""
    own = own_words(lang)
    told = [own["lead"].format(of=facts.count, n=facts.planned)]
    if facts.planned:
        new = always_chosen(facts, lang)
        join = "；" if lang == "zh" else "; "
        told.append(own["lead_new"].format(what=join.join(new)) if new else own["lead_none"])
    regret = facts.found.regret
    if regret is not None:
        told.append(_preferred(facts, regret, lang))
    return sentence(told, lang)


def _preferred(facts: Facts, regret: Regret, lang: str) -> str:
    own, plan = own_words(lang), regret.minimax
    breaks = facts.avoidable(plan)
    settled = settings(facts.found, plan, lang)
    name = plan_name(plan, lang)
    if settled:
        name = f"{name}（{settled}）" if lang == "zh" else f"{name} ({settled})"
    key = ("broken" if breaks else "held") + ("_possible" if facts.planned < facts.count else "")
    held = own[_HELD.get(key, key)].format(n=breaks, of=facts.planned)
    position = regret.plans.index(plan)
    more = float(regret.extra_cost_wan[position].max())
    cost = own["lead_cost"].format(more=in_words(more, lang)) if more > 0 else own["lead_no_cost"]
    short = [m.name for m in regret.measures].index(SHORT)
    worse = float(regret.greatest[position, short])
    if worse > 0:
        cost = own["lead_short"].format(short=figure(worse), cost=cost)
    return own["lead_minimax"].format(name=name, held=held, cost=cost)


def _notes(facts: Facts, lang: str) -> list[str]:
    own, found, notes = own_words(lang), facts.found, []
    lost = found.without_plan
    for one in lost[:5]:
        clauses = short_list([norm_name(found, norm, lang) for norm in one.conflicts], lang, 5)
        why = own["cannot_hold"].format(names=clauses) if clauses else one.status.label(lang)
        notes.append(own["without"].format(name=future_name(found, one.scenario, lang), why=why))
    if len(lost) > 5:
        notes.append(own["without_more"].format(n=len(lost) - 5))
    cut = [o for o in (found.base, *found.outcomes) if o.status is Status.FEASIBLE]
    if cut:
        names = short_list([one.name(lang) for one in cut], lang, 6)
        notes.append(own["cut_off"].format(n=len(cut), names=names))
    if not found.base.usable:
        notes.append(own["no_base"])
    return notes


def _cards(facts: Facts, lang: str) -> tuple[Card, ...]:
    own, regret = own_words(lang), facts.found.regret
    proven = sum(one.status is Status.OPTIMAL for one in facts.found.outcomes)
    cards = [
        Card(own["card_planned"], f"{facts.planned} / {facts.count}", own["unit_futures"],
             own["card_planned_note"].format(n=proven)),
    ]  # fmt: skip
    if regret is None:
        return tuple(cards)
    new = [len({c.place for c in facts.always(block)}) for block in _ALWAYS]
    cards.append(
        Card(own["card_new"], str(sum(new)), own["unit_new"], own["card_new_note"].format(
            crewed=new[0], fever=new[1], beds=new[2]))
    )  # fmt: skip
    extra = regret.extra_cost_wan
    for key, plan in (("minimax", regret.minimax), ("expected", regret.best_expected)):
        told = settings(facts.found, plan, lang)
        name = own["card_base"] if plan < 0 else own["card_future"].format(n=plan + 1)
        cards.append(Card(own[f"card_{key}"], name, "", told))
    most = float(extra[regret.plans.index(regret.minimax)].max())
    spent = regret.cost_wan[regret.plans.index(regret.minimax)].max()
    note = own["card_cost_note"].format(total=in_words(float(spent), lang))
    more, _, unit = in_words(abs(most), lang).partition(" ")
    sign = "+" if most > 0 else "−" if most < 0 else ""
    cards.append(Card(own["card_cost"], f"{sign}{more}", unit, note))
    return tuple(cards)


def method_section(facts: Facts, lang: str, time_limit_s: float | None) -> Section:
    """Give how it was computed, what was not considered, and the assumptions in force."""
    own, found = own_words(lang), facts.found
    keys = ("how_solved", "how_judged", "how_standing", "how_choice", "formula_measures",
            "formula_regret", "formula_minimax", "formula_expected", "how_weights",
            "not_equal_plans", "not_staged", "not_considered")  # fmt: skip
    told = [own[key] for key in keys]
    if time_limit_s is not None:
        told.insert(1, own["how_limit"].format(seconds=f"{time_limit_s:g}"))
    set_here = {factor.what for factor in found.batch.factors}
    rows = [
        (e.label(lang), e.value, e.unit_in(lang), e.source_in(lang), e.key)
        for e in found.problem.district.assumptions
        if e.key not in set_here
    ]
    body = filled("sweep_method.html.j2", lang, told=told, rows=rows)
    return Section("method", words(lang)["method"], "", body)
