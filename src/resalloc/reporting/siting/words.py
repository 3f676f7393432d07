"""A siting answer in words: the result, its proof, and what it rests on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from resalloc.location.siting import PROVEN
from resalloc.reporting.texts import texts
from resalloc.status import Status
from resalloc.study.facts import served_part, within_reach

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from resalloc.study.facts import SiteFacts
    from resalloc.study.notes import Note
    from resalloc.study.study import Study

_PEOPLE = ("weight", "people", "population", "residents", "人口", "常住人口", "人数")
_NAMED = 6
_WHOLE = 1e-3


def found(study: Study) -> bool:
    """Say whether there is an answer to show."""
    return study.siting.status in (Status.OPTIMAL, Status.FEASIBLE)


def model_title(study: Study, lang: str) -> str:
    """Give what the model is called."""
    return texts()[f"site_model.{study.request.model}"].label(lang)


def who(study: Study, lang: str) -> str:
    """Give what the weights are: people, points where there are none, or the user's word."""
    if "weight" not in study.points.columns:
        return texts()["site.points"].label(lang)
    column = study.request.weight or "weight"
    if column.lower() in _PEOPLE or column.lower().startswith(
        ("population", "people", "residents")
    ):
        return texts()["site.people"].label(lang)
    return column


def unit(study: Study, lang: str) -> str:
    """Give the unit of the costs."""
    own = f"site.{study.unit}"
    return texts()[own].label(lang) if own in texts() else study.unit


def served(study: Study, site: SiteFacts) -> float:
    """Give what a site does: whom it covers, where there is a radius, else whom it serves."""
    return site.covered if study.model.covers else site.people


def sites_in_order(study: Study) -> list[SiteFacts]:
    """Give the open sites, those first that do most."""
    return sorted(study.facts.sites, key=lambda f: (-served(study, f), f.site))


def amount(study: Study, weight: float, lang: str) -> str:
    """Give a weight with what it counts; nothing where every point counts 1."""
    if "weight" not in study.points.columns:
        return ""
    return f"{figure(weight)} {who(study, lang)}"


def with_unit(study: Study, cost: float, lang: str) -> str:
    """Give a cost with its unit."""
    return f"{figure(cost)} {unit(study, lang)}".strip()


def class_name(name: str, lang: str) -> str:
    """Give a class of points as it is read; town and country have names of their own."""
    own = f"site.class_{name}"
    return texts()[own].label(lang) if own in texts() else name


def figure(value: float) -> str:
    """Write a cost or an amount with about three digits; a dash where it is not known.

    Examples
    --------
    >>> figure(12.345), figure(2.0), figure(123456.7), figure(0.01234), figure(float("nan"))
    ('12.3', '2', '123,457', '0.0123', '—')
    """
    if math.isnan(value):
        return "—"
    if math.isinf(value):
        return "∞"
    size = abs(value)
    if size >= 100 or value == round(value):
        return f"{value:,.0f}"
    digits = 1 if size >= 10 else 2 if size >= 1 else min(8, 2 - math.floor(math.log10(size)))
    return f"{value:,.{digits}f}".rstrip("0").rstrip(".")


def six_digits(value: float) -> str:
    """Write a whole number as it is, another to six digits: more would show arithmetic.

    Examples
    --------
    >>> six_digits(6032456.6), six_digits(42246438.0), six_digits(0.123), six_digits(float("nan"))
    ('6,032,460', '42,246,438', '0.123', '—')
    """
    if not math.isfinite(value):
        return figure(value)
    if abs(value - round(value)) < _WHOLE:
        return f"{round(value):,}"
    digits = 5 - math.floor(math.log10(abs(value))) if value else 0
    rounded = round(value, digits)
    return f"{rounded:,.{max(digits, 0)}f}".rstrip("0").rstrip(".") if digits > 0 else (
        f"{rounded:,.0f}"
    )  # fmt: skip


def objective_unit(study: Study, lang: str) -> str:
    """Give what the model's objective is counted in."""
    model, words = study.request.model, texts()
    counts_cost = study.given.site_cost is not None and "site_cost" in study.model.columns
    if model in ("p-center", "p-dispersion"):
        return unit(study, lang)
    won = model == "market-share" and study.request.p is not None
    if won or model in ("max-cover", "max-attendance"):
        return who(study, lang)
    if model == "capacitated-facility" or (model in ("set-cover", "min-sites") and counts_cost):
        return words["site.cost"].label(lang)
    target = model == "market-share" and study.request.p is None
    if target or model in ("set-cover", "min-sites") or study.request.mean_cap is not None:
        return words["site.sites"].label(lang)
    return f"{who(study, lang)} × {unit(study, lang)}"


def headline(study: Study, lang: str) -> str:
    """Give the result in one sentence, in the model's own terms."""
    if not found(study):
        return no_answer(study, lang)
    siting, facts, words = study.siting, study.facts, texts()
    cost = study.given.site_cost
    fixed = 0.0 if cost is None else float(cost[siting.open].sum())
    people, covered = facts.people, facts.covered
    gained = facts.served if study.request.model == "market-share" else siting.objective
    values = {
        "count": len(siting.open),
        "covered": figure(covered),
        "people": figure(people),
        "share": _share(covered, people),
        "part": _share(gained, people),
        "gained": figure(gained),
        "who": who(study, lang),
        "unit": unit(study, lang),
        "mean": figure(facts.mean),
        "worst": figure(facts.worst),
        "name": study.points.names[facts.farthest] if facts.farthest >= 0 else "—",
        "objective": figure(siting.objective),
        "fixed_part": figure(fixed),
        "travel_part": figure(siting.objective - fixed),
    }
    own = f"site.headline_{study.request.model}"
    said = words[f"{own}_limited" if limited(study) else own].format(**values).label(lang)
    more = []
    if "{count}" not in words[f"site.headline_{study.request.model}"].en:
        more.append(words["site.also_sites"].format(**values).label(lang))
    own_travel = study.request.model in ("p-median", "p-center", "capacitated-median")
    if not own_travel and facts.farthest >= 0:
        partly = study.request.model in ("max-cover", "min-sites")
        key = "site.also_travel"
        if partly:
            key = "site.also_served" if limited(study) else "site.also_covered"
        more.append(words[key].format(**values).label(lang))
    join = "；" if lang == "zh" else "; "
    return join.join([said, *more])


def proof(study: Study, lang: str) -> str:
    """Give status, objective, bound, gap and time in one line."""
    siting, words = study.siting, texts()
    gap = siting.gap
    values = {
        "status": words[f"method.{siting.status.value}"].label(lang),
        "objective": f"{six_digits(siting.objective)} {objective_unit(study, lang)}".strip(),
        "bound": six_digits(siting.bound),
        "gap": "—" if math.isnan(gap) else "0" if gap <= PROVEN else f"{100 * gap:.2g} %",
        "seconds": f"{siting.seconds:.2f}",
    }
    return words["site.proof"].format(**values).label(lang)


def no_answer(study: Study, lang: str) -> str:
    """Say why there is no answer."""
    siting, words = study.siting, texts()
    colon = "：" if lang == "zh" else ": "
    told = _why_not(study, lang) if siting.status is Status.INFEASIBLE else None
    if told is not None:
        why = words[f"site.{told[0]}"].format(**told[1]).label(lang)
    else:
        why = siting.message or words["site.none"].label(lang)
    return words[f"method.{siting.status.value}"].label(lang) + colon + why


def _why_not(study: Study, lang: str) -> tuple[str, Mapping[str, object]] | None:
    """Give the phrase for what cannot be, and its figures; None where only the solver knows."""
    siting, given, request = study.siting, study.given, study.request
    names = _listed(siting.unreached, lang) if siting.unreached else ""
    allowed = given.costs.dense()[:, ~given.forbidden]
    people = given.weights
    if study.model.name == "min-sites" and study.radius is not None:
        near = (allowed <= study.radius[:, None]).any(axis=1)
        # Rounded down: a share just below the one asked must not read as the one asked.
        share = math.floor(1000 * float(people[near].sum() / people.sum()) + 1e-9) / 10
        return "reachable_share", {"share": f"{share:.1f}", "names": names}
    if siting.unreached:
        times = request.at_least or 1
        key = "unreached_radius" if study.model.covers else "unreached"
        if "capacity" in study.model.columns and given.capacity is not None:
            key = "unserved"
        elif times > 1:
            key = "unreached_times"
        return key, {"names": names, "count": times}
    if request.mean_cap is not None and np.isfinite(allowed).any(axis=1).all():
        mean = float(people @ allowed.min(axis=1) / people.sum())
        figures = {
            "mean": f"{mean:.4g}", "cap": f"{request.mean_cap:g}", "unit": unit(study, lang),
        }  # fmt: skip
        return ("least_mean", figures) if mean > request.mean_cap else None
    if given.capacity is not None and study.model.name.startswith("capacitated"):
        count = request.p or int((~given.forbidden).sum())
        free = np.sort(given.capacity[~given.forbidden & ~given.fixed])[::-1]
        kept = given.capacity[given.fixed]
        held = float(kept.sum() + free[: max(0, count - len(kept))].sum())
        figures = {"demand": f"{people.sum():,.6g}", "held": f"{held:,.6g}", "count": str(count)}
        return ("little_room", figures) if held < people.sum() else None
    return None


def missed(study: Study, lang: str) -> str:
    """Name the points that are not covered; empty where all are, or where nothing was found."""
    facts = study.facts
    if not found(study) or not study.model.covers or not len(facts.missed):
        return ""
    if not limited(study):
        return _told(study, "missed", facts.missed.tolist(), lang)
    far, full = shortfalls(study)
    part = len(served_in_part(study))
    said = _told(study, "left_out", facts.missed.tolist(), lang)
    if part:
        said += texts()["site.left_part"].format(count=f"{part:,}").label(lang)
    reasons = [
        _told(study, key, which, lang)
        for key, which in (("left_far", far), ("left_full", full))
        if which
    ]
    colon, join = ("：", "；") if lang == "zh" else (": ", "; ")
    return said + colon + join.join(reasons)


def _told(study: Study, key: str, which: Sequence[int], lang: str) -> str:
    """Say how many points they are, how many people there are left, and who they are."""
    left = dict(zip(study.facts.missed.tolist(), study.facts.left.tolist(), strict=True))
    order = sorted(which, key=lambda i: (-left[i], i))
    values = {
        "count": f"{len(order):,}",
        "people": figure(sum(left[i] for i in order)),
        "who": who(study, lang),
        "names": _listed([study.points.names[i] for i in order], lang),
    }
    key = f"site.{key}" if "weight" in study.points.columns else f"site.{key}_points"
    return texts()[key].format(**values).label(lang)


def limited(study: Study) -> bool:
    """Say whether a point may lie within the radius and still find no room."""
    holds = "capacity" in study.model.columns and study.given.capacity is not None
    return study.model.covers and holds


def divides(study: Study) -> bool:
    """Say whether a point may be divided among sites."""
    return study.request.split and study.siting.split is not None


def served_in_part(study: Study) -> list[int]:
    """Give the positions of the points of which some people are served and some not."""
    if not divides(study):
        return []
    part = served_part(study.siting, study.weights)
    return [i for i in study.facts.missed.tolist() if part[i] > 0]


def shortfalls(study: Study) -> tuple[list[int], list[int]]:
    """Give who is not, or not wholly, served: no open site within the radius; no room there."""
    missed = study.facts.missed
    if study.radius is None:
        return [], missed.tolist()
    near = within_reach(study.siting, study.radius)[missed]
    return missed[~near].tolist(), missed[near].tolist()


def assumed(study: Study, lang: str) -> list[str]:
    """Give what the answer rests on, one sentence each."""
    return [_note(note, lang) for note in study.notes]


def _note(note: Note, lang: str) -> str:
    if note.key != "speed":
        values = dict(note.values)
        own = f"site.{values.get('unit')}"
        if own in texts():
            values["unit"] = texts()[own].label(lang)
        return texts()[f"site.{note.key}"].format(**values).label(lang)
    speed = note.values["speed"]
    if not isinstance(speed, dict):
        return texts()["site.speed"].format(speed=f"{speed:g}").label(lang)
    return _by_class(speed, "site.speed_of", lang)


def _by_class(values: Mapping[str, float], key: str, lang: str) -> str:
    parts = [
        texts()[key].format(name=class_name(name, lang), speed=f"{value:g}").label(lang)
        for name, value in values.items()
    ]
    return ("；" if lang == "zh" else "; ").join(parts)


def _share(part: float, whole: float) -> str:
    """Write a share in per cent, never rounded up to all of it."""
    if not whole > 0 or math.isnan(part):
        return "—"
    share = 100 * part / whole
    return f"{math.floor(share * 10) / 10:g}" if share < 100 else f"{share:.4g}"


def _listed(names: Iterable[str], lang: str) -> str:
    listed = list(names)
    said = ("、" if lang == "zh" else ", ").join(listed[:_NAMED])
    if len(listed) > _NAMED:
        said += texts()["site.and_more"].format(count=f"{len(listed) - _NAMED:,}").label(lang)
    return said
