"""The summary of a product of axes: everything its page and its tables show."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from resalloc.scoring.products import Summary, merge
from resalloc.scoring.products.tables import from_tables
from resalloc.sweep.summary.passing import Clauses, Count, counts_jointly
from resalloc.sweep.summary.product_axes import Options, options_of, sides_of
from resalloc.sweep.summary.product_clauses import WorstCase, clauses_of, level_shares
from resalloc.sweep.summary.product_options import Regretted, compared, open_or_closed
from resalloc.sweep.summary.product_varied import factors_of
from resalloc.sweep.summary.summary import _plain, _records

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pandas as pd
    import pyarrow as pa

    from resalloc.problem.problem import Problem
    from resalloc.result.scorecard import Clause
    from resalloc.scoring.products import Partial
    from resalloc.sweep.product_work import ProductWork
    from resalloc.sweep.run.run import RunFolder
    from resalloc.sweep.summary.product_axes import Side
    from resalloc.sweep.summary.varied import Factors
    from resalloc.sweep.sweep import Sweep

LISTED = 100
"""Options that plain data list of each ranking; the workbook has more, Parquet all."""


@dataclass(frozen=True, eq=False)
class ProductSummary:
    """What a sweep of a product of axes says.

    Parameters
    ----------
    problem
        District and clauses.
    title, state
        What the sweep is called, and what was scored in every scenario.
    sides
        Populations, plans and variants.
    whole
        The counts of every clause, plan and population.
    options
        What is chosen in the plans, and under how many conditions.
    clauses
        How each clause fares over all scenarios. The worst scenario's number counts
        populations slowest and variants fastest. How many clauses hold at a time
        (`clauses.held`) is not counted in a product.
    worst
        The worst scenario of each clause that can be computed, by id.
    left_out
        Ids of binding clauses that can move and can be computed in no scenario; they are
        not counted in `clauses.joint`.
    fixed
        The clauses that nothing varied can move, as the audit has them.
    factors
        What differed.
    levels
        One row a level of each factor: `axis`, `factor`, `low`, `high`, `fifth`, `share_of`
        (of the axis's scenarios), then `joint` and each clause's id: the share of the level's
        scenarios in which it holds; and `<clause>.mean` of each measure.
    sites
        One row a site that is open in some plans only: see :func:`open_or_closed`.
    ranking
        One row an option, the best first: see :func:`compared`.
    pareto
        Those of them that no other option beats: on the columns `weighed`.
    weighed
        Columns of `ranking`, and which way is better.
    regret
        By measure.
    """

    problem: Problem
    title: str
    state: str
    sides: tuple[Side, Side, Side]
    whole: Summary
    options: Options
    clauses: Clauses
    worst: Mapping[str, WorstCase]
    left_out: tuple[str, ...]
    fixed: tuple[Clause, ...]
    factors: Factors
    levels: pd.DataFrame
    sites: pd.DataFrame
    ranking: pd.DataFrame
    pareto: pd.DataFrame
    weighed: Mapping[str, str]
    regret: tuple[Regretted, ...]

    @property
    def scenarios(self) -> int:
        """How many there are."""
        return self.whole.product.scenarios

    @property
    def joint(self) -> Count:
        """In how many scenarios all clauses hold that are counted together."""
        return self.clauses.joint

    @property
    def counted(self) -> tuple[str, ...]:
        """Ids of the clauses that are counted together.

        The binding ones that can move and can be computed; where there is none, every clause
        that can.
        """
        return self.whole.product.joint

    @property
    def binding(self) -> bool:
        """Whether those that are counted together are binding."""
        return all(counts_jointly(self.problem.norms[name]) for name in self.counted)

    def frame(self) -> pd.DataFrame:
        """Give one row a clause, over all scenarios."""
        return self.clauses.frame()

    def fixed_frame(self) -> pd.DataFrame:
        """Give one row a clause that nothing varied can move, with its audit verdict."""
        import pandas as pd

        columns = ["id", "where", "indicator_zh", "status", "value", "target", "binding"]
        return pd.DataFrame([clause.as_dict() for clause in self.fixed], columns=columns)

    def scenario(self, case: WorstCase) -> dict[str, float]:
        """Give what each factor is in a scenario."""
        at = (case.population, case.plan, case.variant)
        return {
            factor.name: value
            for side, number in zip(self.sides, at, strict=True)
            for factor, value in side.of(number).items()
        }

    def as_dict(self) -> dict[str, Any]:
        """Give all of it as plain data; numbers to 12 digits, what is not known as null.

        The same results give the same data, to the last digit. Of each ranking of options the
        first :data:`LISTED` are given.
        """
        populations, plans, variants = self.whole.product.shape
        made: dict[str, Any] = {
            "title": self.title,
            "state": self.state,
            "district": self.problem.district.name,
            "plan": self.problem.norms.document.id,
            "scenarios": self.scenarios,
            "populations": populations,
            "plans": plans,
            "variants": variants,
            "options": len(self.options),
            "conditions": self.options.conditions,
            "axes": [
                {"axis": axis.name, "of": side.name, "scenarios": len(axis.design)}
                for side in self.sides
                for axis in side.axes
            ],
            "joint": {
                "clauses": list(self.counted),
                "left_out": list(self.left_out),
                "holds": self.joint.holds,
                "fails": self.joint.fails,
                "unknown": self.joint.unknown,
            },
            "clauses": _records(self.clauses.frame().drop(columns=_NO_GAP)),
            "by_variant": _records(self.whole.clauses()),
            "worst": {
                name: {**case.__dict__, "factors": self.scenario(case)}
                for name, case in self.worst.items()
            },
            "fixed": _records(self.fixed_frame()),
            "factors": _records(self.factors.frame()),
            "levels": _records(self.levels),
            "sites": _records(self.sites),
            "ranking": _records(self.ranking.head(LISTED)),
            "pareto": {
                "better": dict(self.weighed),
                "count": len(self.pareto),
                "options": _records(self.pareto.head(LISTED)),
            },
            "regret": [
                {
                    "clause": found.clause,
                    "better": found.better,
                    "least": found.least,
                    "expected": found.expected,
                    "options": _records(found.table.head(LISTED)),
                }
                for found in self.regret
            ],
            "version": import_module("resalloc").__version__,
        }
        plain: dict[str, Any] = _plain(made)
        return plain


_NO_GAP = [
    *(f"gap_{key}" for key in ("known", "mean", "least", "5", "50", "95", "most", "tolerance")),
    "worst_gap",
]  # fmt: skip


def summarise_product(
    ready: Sweep, work: ProductWork, chunks: Iterable[Mapping[str, pa.Table]]
) -> ProductSummary:
    """Say what a sweep of a product comes to.

    Besides the arrays of the product, memory is that of two chunks' summaries.

    Parameters
    ----------
    ready
        The sweep, as :func:`~resalloc.sweep.sweep.prepare` gives it.
    work
        What was run.
    chunks
        What each chunk gave, in order: of a run on the disk :func:`chunks_of`.

    Raises
    ------
    InputError
        A chunk is missing, or belongs to another product.

    Examples
    --------
    >>> from resalloc.sweep.sweep import prepare
    >>> from resalloc.sweep.settings import read_settings
    >>> ready = prepare(read_settings("tongliang_product"))  # doctest: +SKIP
    >>> work = ready.work()  # doctest: +SKIP
    >>> chunks = (work.run(chunk) for chunk in range(work.chunks))  # doctest: +SKIP
    >>> summarise_product(ready, work, chunks).scenarios  # doctest: +SKIP
    3600000
    """
    from resalloc.scoring.state import score_state

    product, problem = work.product, ready.state.problem
    whole = Summary(product, _merged(work, chunks))
    sides = sides_of(ready.axes, work.axes)
    options = options_of(sides[1])
    clauses, worst = clauses_of(whole, problem, sides)
    moved = {clause.name for clause in product.clauses}
    chosen = set(ready.settings.clauses) or {norm.id for norm in problem.norms}
    ranking, pareto, weighed, regret = compared(whole, options)
    card = score_state(ready.state)
    return ProductSummary(
        problem=problem,
        title=ready.settings.title,
        state=ready.state.title,
        sides=sides,
        whole=whole,
        options=options,
        clauses=clauses,
        worst=worst,
        left_out=tuple(
            clause.name
            for clause in product.clauses
            if counts_jointly(problem.norms[clause.name]) and clause.name not in product.joint
        ),
        fixed=tuple(c for c in card if c.norm.id in chosen - moved),
        factors=factors_of(ready.axes, sides, problem),
        levels=level_shares(whole, sides, problem),
        sites=open_or_closed(whole, sides[1]),
        ranking=ranking,
        pareto=pareto,
        weighed=weighed,
        regret=regret,
    )


def chunks_of(run: RunFolder) -> Iterator[dict[str, pa.Table]]:
    """Give the tables of each chunk of a run on the disk, in order."""
    import pyarrow.parquet as pq

    sets = run.manifest["datasets"]
    for chunk in range(run.chunks):
        yield {
            name: pq.read_table(run.path / one["parts"][chunk]["file"])
            for name, one in sets.items()
        }


def _merged(work: ProductWork, chunks: Iterable[Mapping[str, pa.Table]]) -> Partial:
    """Merge chunk by chunk, so that no more than two are held."""
    whole: Partial | None = None
    for tables in chunks:
        part = from_tables(work.product, tables)
        whole = part if whole is None else merge([whole, part])
    return whole if whole is not None else merge([])
