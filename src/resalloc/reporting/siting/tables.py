"""The tables of a siting answer: open sites, points, and the whole as plain data."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from resalloc.reporting.siting import words as site_words

if TYPE_CHECKING:
    import pandas as pd

    from resalloc.study.study import Study


def sites_table(study: Study) -> pd.DataFrame:
    """Give one row an open site, in the order of the tables: whom it serves, and how far.

    Columns are ``site``, ``fixed``, ``points``, ``people``, ``covered`` (where there is a
    radius), ``capacity`` (where there is one), ``mean``, ``worst`` and ``unit``.
    """
    import pandas as pd

    siting, given = study.siting, study.given
    sites = study.facts.sites
    columns: dict[str, Any] = {
        "site": [study.sites.names[f.site] for f in sites],
        "fixed": ["yes" if given.fixed[f.site] else "no" for f in sites],
        "points": [f.points for f in sites],
        "people": [f.people for f in sites],
    }
    if study.model.covers:
        columns["covered"] = [f.covered for f in sites]
    if given.capacity is not None and "capacity" in study.model.columns:
        columns["capacity"] = given.capacity[siting.open]
    columns |= {
        "mean": [f.mean for f in sites],
        "worst": [f.worst for f in sites],
        "unit": [study.unit] * len(sites),
    }
    return pd.DataFrame(columns)


def no_sites_table(study: Study, lang: str) -> pd.DataFrame:
    """Give the one row that stands in for the open sites where there is no answer."""
    import pandas as pd

    why = site_words.no_answer(study, lang)
    return pd.DataFrame({"site": [""], "status": [study.siting.status.value], "why": [why]})


def assignment_table(study: Study) -> pd.DataFrame:
    """Give one row a point: its weight, the site that serves it, at what cost, covered or not.

    A point that is divided has one row a site, with the `part` of it that the site serves
    and the part `served` from all sites together; `covered` is then ``yes``, ``part`` or
    ``no``. Where sites have capacities, `why` says what a point that is not served lacks:
    ``too far`` (no open site within its radius) or ``no room``. Where there is no answer,
    `covered` says so, and which points are the reason.
    """
    import pandas as pd

    from resalloc.study.facts import served_from, served_part

    siting, n = study.siting, len(study.points.names)
    point, site, part, cost = served_from(siting, study.weights)
    nobody = np.setdiff1d(np.arange(n), point)
    order = np.argsort(np.concatenate([point, nobody]), kind="stable")
    point = np.concatenate([point, nobody])[order]
    site = np.concatenate([site, np.full(len(nobody), -1)])[order]
    columns: dict[str, Any] = {
        "point": [study.points.names[i] for i in point],
        "weight": study.weights[point],
        "site": [study.sites.names[j] if j >= 0 else "" for j in site],
        "cost": np.concatenate([cost, np.full(len(nobody), np.nan)])[order],
        "unit": [study.unit] * len(point),
        "covered": _covered(study)[point],
    }
    if siting.split is not None:
        columns["part"] = np.concatenate([part, np.zeros(len(nobody))])[order]
        if site_words.divides(study):
            columns["served"] = served_part(siting, study.weights)[point]
    if site_words.limited(study) and site_words.found(study):
        far, full = site_words.shortfalls(study)
        why = np.full(n, "", dtype=object)
        why[far], why[full] = "too far", "no room"
        columns["why"] = why[point]
    return pd.DataFrame(columns)


def _covered(study: Study) -> np.ndarray[Any, Any]:
    """Give ``yes``, ``no`` or ``part`` by point; without an answer, who makes it so."""
    if not site_words.found(study):
        said = np.full(len(study.points.names), "no answer", dtype=object)
        said[study.facts.missed] = "unreached"
        return said
    said = np.where(study.siting.covered, "yes", "no").astype(object)
    said[site_words.served_in_part(study)] = "part"
    return said


def as_dict(study: Study) -> dict[str, Any]:
    """Give the whole answer as plain data, as ``resalloc site --json`` prints it."""
    from resalloc import __version__

    siting, facts, request = study.siting, study.facts, study.request
    return {
        "model": request.model,
        "status": siting.status.value,
        "message": siting.message,
        "objective": _plain(siting.objective),
        "bound": _plain(siting.bound),
        "gap": _plain(siting.gap),
        "seconds": round(siting.seconds, 3),
        "unit": study.unit,
        "open": list(siting.open_names),
        "result": {lang: site_words.headline(study, lang) for lang in ("zh", "en")},
        "people": facts.people,
        "covered": facts.covered,
        "mean": _plain(facts.mean),
        "worst": _plain(facts.worst),
        "farthest": study.points.names[facts.farthest] if facts.farthest >= 0 else None,
        "unreached": list(siting.unreached),
        **_left_out(study),
        "sites": _records(sites_table(study)),
        "assignment": _records(assignment_table(study)),
        "options": _options(study),
        "assumptions": {lang: site_words.assumed(study, lang) for lang in ("zh", "en")},
        "version": __version__,
    }


def _left_out(study: Study) -> dict[str, Any]:
    """Give who is not served under capacities: out of reach, and within reach without room."""
    if not site_words.limited(study) or not site_words.found(study):
        return {}
    far, full = site_words.shortfalls(study)
    names = study.points.names
    return {"too_far": [names[i] for i in far], "no_room": [names[i] for i in full]}


def _options(study: Study) -> dict[str, Any]:
    """Give what was asked, without what was not."""
    from dataclasses import asdict

    return {
        key: _plain(value.name if hasattr(value, "name") else value)
        for key, value in asdict(study.request).items()
        if value not in (None, (), False)
    }


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(key): _plain(value) for key, value in row.items()} for row in table.to_dict("records")
    ]


def _plain(value: Any) -> Any:
    """Give a value JSON can carry; not known is null."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return list(value) if isinstance(value, tuple) else value
