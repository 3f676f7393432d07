"""One tool on one problem, as a record."""

from __future__ import annotations

import time
from importlib import import_module
from statistics import median
from typing import Any

from benchmarks.peers.problems import PROVEN, problem, value
from benchmarks.stopwatch import peak_mb

TOOLS = {
    "resalloc": "benchmarks.peers.ours",
    "spopt": "benchmarks.peers.spopt_highs",
    "scipy": "benchmarks.peers.scipy_milp",
}
ENOUGH_S, MOST = 2.0, 5


def run(
    tool: str,
    model: str,
    demand: int,
    sites: int,
    p: int,
    seed: int,
    limit_s: float,
    warm: bool = True,
) -> dict[str, Any]:
    """Let a tool answer a problem and judge what it says.

    What takes less than two seconds is repeated up to five times; the medians count.

    Parameters
    ----------
    tool
        One of `TOOLS`.
    model, demand, sites, p, seed
        See :func:`benchmarks.peers.problems.problem`.
    limit_s
        The solver's time limit.
    warm
        Answer a tiny problem first, untimed: imports, and for ours compiled loops. Else the
        problem is answered once, and all of that is in the time of the process.
    """
    solve = import_module(TOOLS[tool]).solve
    if warm:
        solve(problem(model, 60, 60, 5, 1), 60.0)
    given = problem(model, demand, sites, p, seed)
    begun, builds, solves, inside, cpus = time.perf_counter(), [], [], [], []
    while True:
        cpu = time.process_time()
        answer = solve(given, limit_s)
        cpus.append(time.process_time() - cpu)
        builds.append(answer.build_s)
        solves.append(answer.solve_s)
        inside.append(answer.solver_s)
        if not warm or len(solves) == MOST or time.perf_counter() - begun > ENOUGH_S:
            break
    worth = value(given, answer.open)
    # A claim that is not what its sites are worth is no proof of anything.
    honest = abs(worth - answer.claimed) <= PROVEN * max(1.0, abs(worth))
    return {
        "model": model,
        "tool": tool,
        "size": f"{demand:,} × {sites:,}",
        "p": None if model == "lscp" else p,
        "says": answer.says,
        "status": "proven" if answer.proven and honest else "not proven",
        "claimed": answer.claimed,
        "objective": worth,
        "bound": answer.bound,
        "build_s": median(builds),
        "solve_s": median(solves),
        "total_s": median(b + s for b, s in zip(builds, solves, strict=True)),
        "solver_s": median(inside),
        "cpu_s": median(cpus),
        "runs": len(solves),
        "peak_mb": peak_mb(),
    }
