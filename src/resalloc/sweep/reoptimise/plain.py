"""A re-optimisation as plain data."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from resalloc.problem.allocation import Allocation
from resalloc.sweep.reoptimise.outcome import name_of

if TYPE_CHECKING:
    import pandas as pd

    from resalloc.sweep.reoptimise.reoptimised import Reoptimised

PLANNED = ("beds_total", "beds", "staff", "equipment", "supply", "fever", "crewed", "crews",
           "vehicles")  # fmt: skip
"""What a plan is shown by; the rest follows from it."""
_DIGITS = 12


def as_dict(found: Reoptimised, *, title: str = "") -> dict[str, Any]:
    """Give all of it as plain data; numbers to 12 digits, what is not known as null.

    Seconds are left out, so that the same results give the same data. Futures and plans go by
    number, from 0; −1 is the expected future.
    """
    factors = [factor.name for factor in found.batch.factors]
    made: dict[str, Any] = {
        "title": title,
        "district": found.problem.district.name,
        "plan": found.problem.norms.document.id,
        "years": list(found.problem.years),
        "scenarios": len(found.batch),
        "with_plan": len(found.outcomes) - len(found.without_plan),
        "futures": [
            {
                "scenario": one.scenario,
                "name": one.name(),
                "factors": {}
                if one is found.base
                else dict(zip(factors, found.batch.values[one.scenario].tolist(), strict=True)),
                "status": one.status.value,
                "conflicts": list(one.conflicts),
                "message": one.message,
                "priorities": [
                    {"name": p.name, "unit": p.unit, "status": p.status.value, "value": p.value,
                     "bound": p.bound, "gap": p.gap}
                    for p in one.phases
                ],
            }
            for one in (found.base, *found.outcomes)
        ],
        "choices": records(found.choice_frame().drop(columns="label", errors="ignore")),
        "regret": None,
        "recommended": None,
    }  # fmt: skip
    if found.regret is not None:
        regret = found.regret
        made["regret"] = {
            "minimax": regret.minimax,
            "best_expected": regret.best_expected,
            "weights": regret.weights.tolist(),
            "plans": records(regret.plan_frame()),
            "judged": records(regret.frame()),
        }
        made["recommended"] = {
            "name": name_of(regret.minimax),
            "allocation": records(plan_frame(found, regret.minimax)),
        }
    return _plain(made)  # type: ignore[no-any-return]


def plan_frame(found: Reoptimised, scenario: int) -> pd.DataFrame:
    """Give a plan as a long table: what, where, year, today as expected, planned, change.

    Rows of which there is nothing today and nothing planned are left out.

    Parameters
    ----------
    found
        Where the plan is.
    scenario
        The future it was made for, by number.

    Raises
    ------
    KeyError
        No plan was made for that future.
    """
    import pandas as pd

    outcome = next(o for o in (found.base, *found.outcomes) if o.scenario == scenario)
    if outcome.x is None:
        raise KeyError(name_of(scenario))
    allocation = Allocation(found.columns, outcome.x)
    parts = []
    for name in PLANNED:
        frame = allocation.frame(name)
        place, *item = frame.columns[: list(frame.columns).index("year")]
        frame = frame.rename(columns={place: "place"} | {each: "item" for each in item})
        parts.append(frame.assign(block=name, item=frame.get("item", "")))
    table = pd.concat(parts, ignore_index=True)
    some = (table["today"].fillna(0) != 0) | (table["planned"].fillna(0) != 0)
    return table.loc[some, ["block", "place", "item", "year", "today", "planned", "change"]]


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give a table's rows."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}") if math.isfinite(value) else None
    return value
