"""Time products of populations and plans: ``python -m benchmarks.scoring.products``."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.apart import leave_no_child_behind, run_apart
from benchmarks.location.record import append, heading, setting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.apart import Record

HISTORY = Path(__file__).parents[1] / "scoring_history.jsonl"
SIZES = ((1_000, 1_000), (1_000, 10_000), (10_000, 1_000), (10_000, 10_000))
SMALL = ((20, 30), (40, 30))
HARD_LIMIT_S = 3600.0
HEAD = (
    "| populations × plans | scenarios | wall s | CPU s | peak MB | stated MB | scenarios / s "
    "| ns / scenario | in products s | GFLOP/s there | GFLOP/s of `A @ B` | share | by CPU s |",
    "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
)


def row(record: Record) -> str:
    """Give a record as a line of the table."""
    size = f"{record['populations']:,} × {record['plans']:,}"
    if record["status"] == "failed":
        return f"| {size} | failed: {record['why'].replace('|', '/')} |"
    scenarios, wall = record["scenarios"], record["wall_s"]
    cells = (
        size, f"{scenarios:,}", f"{wall:.3g}", f"{record['cpu_s']:.3g}",
        f"{record['peak_mb']:,.0f}", f"{record['stated_mb']:,.0f}", f"{scenarios / wall:,.3g}",
        f"{1e9 * wall / scenarios:.3g}", f"{record['products_s']:.3g}",
        f"{record['products_gflops']:.3g}", f"{record['peak_gflops']:.3g}",
        f"{record['share_of_peak']:.2f}", f"{record['share_by_cpu']:.2f}",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def verdict(records: Sequence[Record]) -> str:
    """Give how the largest product stands to what was aimed at."""
    done = [record for record in records if record["status"] != "failed"]
    if not done:
        return "products: all failed"
    most = max(done, key=lambda record: record["scenarios"])
    aims = {
        "half the rate of `A @ B` in the weighted sums": most["share_of_peak"] >= 0.5,
        "less than 4 GB": (most["peak_mb"] or 0) < 4000,
        "minutes (less than 10)": most["wall_s"] < 600,
    }
    said = "; ".join(f"{aim}: {'met' if met else 'NOT met'}" for aim, met in aims.items())
    return f"products, {most['scenarios']:,} scenarios: aims: {said}"


def sweep(
    populations: int, plans: int, places: int = 300, seed: int = 1, matrix: int = 2048
) -> dict[str, Any]:
    """Summarise a made-up product once, and matrix products before and after.

    Two covered shares and the mean response over `places` demand points, three ratios, two
    variants of the norms; all summaries, with regret by mean response. The rate of the weighted
    sums is held against that of a square product, `matrix` × `matrix`, in the same process: by
    the clock, and by seconds of CPU, which other work on the machine does not lengthen.
    """
    from benchmarks.stopwatch import spent
    from resalloc.scoring.products import Summary, host, room, summarise

    product = made_up(populations, plans, places, seed)
    summarise(made_up(2, 2, places, seed))  # everything gets compiled
    stated, clock = room(product), Clock(host.weighted_sums)
    before = matrix_gflops(matrix)
    host.weighted_sums, plain = clock, host.weighted_sums
    try:
        whole, cost = spent(lambda: summarise(product))
    finally:
        host.weighted_sums = plain
    after = matrix_gflops(matrix)
    rate, rate_by_cpu = (max(pair) for pair in zip(before, after, strict=True))
    summary = Summary(product, whole)
    measure = product.measures[0]
    return {
        "populations": populations,
        "plans": plans,
        "status": "done",
        "scenarios": product.scenarios,
        "wall_s": cost.wall_s,
        "cpu_s": cost.cpu_s,
        "peak_mb": cost.peak_mb,
        "before_mb": cost.before_mb,
        "stated_mb": stated.total_bytes / 1e6,
        "products_s": clock.wall_s,
        "products_cpu_s": clock.cpu_s,
        "products_gflops": clock.operations / clock.wall_s / 1e9,
        "peak_gflops": rate,
        "share_of_peak": clock.operations / clock.wall_s / 1e9 / rate,
        "share_by_cpu": clock.operations / max(clock.cpu_s, 1e-6) / 1e9 / rate_by_cpu,
        "joint_share": summary.joint_share(),
        "least_regret": summary.least_regret(measure),
        "undominated": len(summary.pareto([(measure, "mean"), (measure, "worst")])),
    }


def made_up(populations: int, plans: int, places: int, seed: int) -> Any:
    """Give a product of made-up people, sites and staff."""
    import numpy as np

    from resalloc.scoring.products import Clause, Measure, Product, Ratio, WeightedMean

    rng = np.random.default_rng(seed)
    towns = places // 3
    people = rng.gamma(2.0, 300.0, (populations, places))
    minutes = rng.uniform(5.0, 25.0, (plans, places))
    residents = people.sum(axis=1)
    beds, doctors = rng.uniform(600.0, 1800.0, (2, plans))
    nurses, nobody = doctors * rng.uniform(0.9, 1.6, plans), np.zeros(populations)

    def within(part: slice, radii: tuple[float, float]) -> tuple[Any, Any]:
        first, second = ((minutes[:, part] <= radius).astype(float) for radius in radii)
        return first, second

    town, village = slice(0, towns), slice(towns, places)
    urban = WeightedMean(
        np.ascontiguousarray(people[:, town]), within(town, (18.0, 22.0)), ">=", [70, 80], (0, 1),
        scale=100,
    )  # fmt: skip
    rural = WeightedMean(
        np.ascontiguousarray(people[:, village]), within(village, (16.0, 20.0)), ">=", [55, 75],
        (0, 1), scale=100,
    )  # fmt: skip
    return Product(
        (
            Clause("urban cover", (urban,)),
            Clause("rural cover", (rural,)),
            Clause("mean response", (WeightedMean(people, (minutes,), "<=", [15.0, 14.5]),)),
            Clause("beds", (Ratio(beds, None, None, residents, ">=", [5.5, 6.5], 1000),)),
            Clause("doctors", (Ratio(doctors, None, None, residents, ">=", [5, 6], 1000),)),
            Clause("nurses", (Ratio(nurses, nobody, doctors, nobody, ">=", [1.1, 1.2]),)),
        ),
        measures=(Measure("mean response", "lower"),),
    )


class Clock:
    """Calls the weighted sums of a sweep, and adds up time and operations.

    Parameters
    ----------
    run
        What is called: weights, field, where to put the sums.
    """

    def __init__(self, run: Any) -> None:
        self._run = run
        self.wall_s, self.cpu_s, self.operations = 0.0, 0.0, 0

    def __call__(self, weights: Any, field: Any, out: Any) -> None:
        """Give the sums, and add what they took."""
        from benchmarks.stopwatch import spent

        _, cost = spent(lambda: self._run(weights, field, out))
        self.wall_s += cost.wall_s
        self.cpu_s += cost.cpu_s
        self.operations += 2 * weights.shape[0] * weights.shape[1] * field.shape[0]


def matrix_gflops(size: int, repeats: int = 5) -> tuple[float, float]:
    """Give the best rate of a square matrix product, by the clock and by seconds of CPU."""
    import numpy as np

    from benchmarks.stopwatch import spent

    one, other = np.random.default_rng(0).random((2, size, size))
    out = np.empty_like(one)
    costs = [spent(lambda: np.matmul(one, other, out=out))[1] for _ in range(repeats)]
    work = 2 * size**3 / 1e9
    wall, cpu = min(cost.wall_s for cost in costs), min(cost.cpu_s for cost in costs)
    return work / wall, work / max(cpu, 1e-6)


def main(words: Sequence[str], when: datetime) -> int:
    """Measure, print the table, add every line to the history; 1 if anything failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scoring.products")
    add = parser.add_argument
    add("--small", action="store_true", help="tiny sizes, in seconds: does everything run?")
    add("--history", type=Path, default=HISTORY, help="where lines are recorded")
    add("--no-history", action="store_true", help="print only")
    asked = parser.parse_args(words)
    shared = setting(when, small=asked.small)
    print("\n".join([*heading(shared), *HEAD]), flush=True)
    records = []
    for populations, plans in SMALL if asked.small else SIZES:
        size = {"populations": populations, "plans": plans}
        params = {**size, "matrix": 64} if asked.small else size
        found = run_apart("benchmarks.scoring.products:sweep", params, HARD_LIMIT_S)
        records.append({"subject": "products", **size, **found})
        print(row(records[-1]), flush=True)
        if not asked.no_history:
            append({**shared, **records[-1]}, asked.history)
    if asked.small:
        print("\nThese sizes are for a look: the aims below are for the full ones.")
    print(f"\n- {verdict(records)}")
    return 1 if any(record["status"] == "failed" for record in records) else 0


if __name__ == "__main__":
    leave_no_child_behind()
    sys.exit(main(sys.argv[1:], datetime.now(UTC)))
