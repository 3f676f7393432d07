"""How the cost of a compiled table grows: with scenarios, with townships, with sites."""

from __future__ import annotations

import argparse
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.location.record import append, heading, setting
from benchmarks.scoring.districts import made_up
from benchmarks.scoring.tables import HISTORY
from benchmarks.stopwatch import Spent, spent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from benchmarks.scoring.districts import Case

Record = dict[str, Any]
IMAGES = Path(__file__).parents[2] / "docs" / "images"
SHARE_OPEN = 0.5
CHUNK = 50_000
SCENARIOS = (1_000, 10_000, 100_000, 1_000_000)
TOWNS, SITES = (28, 100, 300, 1000), (15, 60, 240)
SMALL = ((100, 200, 400), (6, 12), (3, 6))
HEAD = ("| townships × sites | scenarios | CPU s | µs / scenario |", "|--:|--:|--:|--:|")


def measure(case: Case, scenarios: int, repeats: int = 3) -> Record:
    """Give the median cost of so many scenarios on one thread, drawn and scored chunk by chunk.

    Drawing is not timed.
    """
    costs: list[Spent] = []
    for _ in range(repeats):
        wall, cpu = 0.0, 0.0
        for low in range(0, scenarios, CHUNK):
            batch = case.batch(min(CHUNK, scenarios - low), SHARE_OPEN, seed=low)
            cost = spent(lambda batch=batch: case.scorer.score(batch, threads=1))[1]
            wall, cpu = wall + cost.wall_s, cpu + cost.cpu_s
        costs.append(Spent(wall, cpu, 0.0, 0.0))
    district = case.state.problem.district
    return {
        "subject": "linear",
        "towns": len(district.townships),
        "sites": len(district.sites),
        "scenarios": scenarios,
        "wall_s": median(cost.wall_s for cost in costs),
        "cpu_s": median(cost.cpu_s for cost in costs),
    }


def exponent(records: Sequence[Record], along: str) -> float:
    """Give the power with which CPU seconds grow, by least squares on logarithms.

    Examples
    --------
    >>> exponent([{"n": 10, "cpu_s": 2.0}, {"n": 1000, "cpu_s": 200.0}], "n")
    1.0
    """
    sizes = np.log([record[along] for record in records])
    seconds = np.log([record["cpu_s"] / record.get("scenarios", 1) ** (along != "scenarios")
                      for record in records])  # fmt: skip
    return round(float(np.polyfit(sizes, seconds, 1)[0]), 3)


def row(record: Record) -> str:
    """Give a record as a line of the table."""
    each = 1e6 * record["cpu_s"] / record["scenarios"]
    return (
        f"| {record['towns']:,} × {record['sites']} | {record['scenarios']:,} "
        f"| {record['cpu_s']:.3g} | {each:,.3g} |"
    )


def verdicts(by_scenarios: Sequence[Record], by_size: Sequence[Record]) -> list[str]:
    """Give the fitted exponents."""
    few, many = by_scenarios[0]["scenarios"], by_scenarios[-1]["scenarios"]
    power = exponent(by_scenarios, "scenarios")
    out = [f"linear: {few:,} to {many:,} scenarios: seconds ~ scenarios^{power:.2f}"]
    sites, towns = (sorted({record[key] for record in by_size}) for key in ("sites", "towns"))
    for count in sites:
        own = [record for record in by_size if record["sites"] == count]
        out.append(f"linear: at {count} sites: ~ townships^{exponent(own, 'towns'):.2f}")
    for count in towns:
        own = [record for record in by_size if record["towns"] == count]
        out.append(f"linear: with {count:,} townships: ~ sites^{exponent(own, 'sites'):.2f}")
    product = [{**record, "pairs": record["towns"] * record["sites"]} for record in by_size]
    return [*out, f"linear: over all sizes: ~ (townships × sites)^{exponent(product, 'pairs'):.2f}"]


def draw(by_scenarios: Sequence[Record], by_size: Sequence[Record], folder: Path) -> None:
    """Write ``sweep_cost.svg`` and ``sweep_cost.png``."""
    import altair as alt
    import pandas as pd
    import vl_convert

    from resalloc.reporting.charts import picture

    lots, sizes = pd.DataFrame(by_scenarios), pd.DataFrame(by_size)
    sizes["us"] = 1e6 * sizes["cpu_s"] / sizes["scenarios"]
    town, site = (by_scenarios[0][key] for key in ("towns", "sites"))

    def along(field: str, title: str, marks: Sequence[int]) -> alt.X:
        axis = alt.Axis(values=sorted(set(marks)), format=",d", labelFlush=False)
        return alt.X(f"{field}:Q", scale=alt.Scale(type="log", nice=False), axis=axis, title=title)

    def up(field: str, title: str) -> alt.Y:
        axis = alt.Axis(tickCount=4, format="~g")
        return alt.Y(f"{field}:Q", scale=alt.Scale(type="log"), axis=axis, title=title)

    left = (
        alt.Chart(lots, title=f"{town:,} townships × {site} sites, ten clauses, one core")
        .mark_line(point={"color": "#1f6f8b"}, color="#1f6f8b")
        .encode(
            along("scenarios", "scenarios 情景数", lots["scenarios"]),
            up("cpu_s", "CPU seconds 处理器秒"),
        )
    )
    right = (
        alt.Chart(sizes, title="one scenario, ten clauses, one core")
        .mark_line(point=True)
        .encode(
            along("towns", "townships 乡镇数", sizes["towns"]),
            up("us", "µs per scenario 每情景微秒"),
            alt.Color(
                "sites:O",
                title="sites 站点数",
                scale=alt.Scale(range=["#b3bec5", "#1f6f8b", "#b5562b"]),
            ),
        )
    )
    pair = alt.hconcat(*(one.properties(width=300, height=240) for one in (left, right)))
    drawn = picture(pair, "sweep-cost")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sweep_cost.svg").write_text(drawn, encoding="utf-8")
    (folder / "sweep_cost.png").write_bytes(vl_convert.svg_to_png(drawn, scale=1.5))


def main(words: Sequence[str], when: datetime) -> int:
    """Measure, print the table and the exponents, draw, add every line to the history."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scoring linear")
    add = parser.add_argument
    add("--small", action="store_true", help="tiny sizes, in seconds: does everything run?")
    add("--images", type=Path, help="where the plot goes; docs/images at full sizes")
    add("--history", type=Path, default=HISTORY, help="where lines are recorded")
    add("--no-history", action="store_true", help="print only")
    asked = parser.parse_args(words)
    scenarios, towns, sites = SMALL if asked.small else (SCENARIOS, TOWNS, SITES)
    shared = setting(when, small=asked.small)
    print("\n".join([*heading(shared), *HEAD]), flush=True)

    def record(case: Case, count: int) -> Record:
        found = measure(case, count)
        print(row(found), flush=True)
        if not asked.no_history:
            append({**shared, **found}, asked.history)
        return found

    case = made_up(towns[0], sites[1])
    case.scorer.score(case.batch(10, SHARE_OPEN))
    by_scenarios = [record(case, count) for count in scenarios]
    by_size = []
    for town in towns:
        for site in sites:
            count = max(scenarios[0], min(scenarios[-2], 2_000_000 // town))
            by_size.append(record(made_up(town, site), count))
    folder = asked.images or (None if asked.small else IMAGES)
    if folder is not None:
        draw(by_scenarios, by_size, folder)
    print("\n".join(["", *(f"- {line}" for line in verdicts(by_scenarios, by_size))]))
    return 0
