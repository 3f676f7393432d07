"""In how many scenarios each township falls short, clause by clause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.errors import one_fault

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd
    import pyarrow.dataset as ds

    from resalloc.problem.columns import Ints
    from resalloc.problem.problem import Problem

COLUMNS = ("clause", "place", "failing", "known")


@dataclass(frozen=True, eq=False)
class Risk:
    """How often each place of each clause falls short.

    Parameters
    ----------
    scenarios
        How many there are.
    townships
        All of the district, in its order.
    clause, place
        One an entry.
    township
        The township the place is or stands in; empty for the district as a whole.
    failing, known
        In how many scenarios it falls short, and in how many that can be said.
    """

    scenarios: int
    townships: tuple[str, ...]
    clause: tuple[str, ...]
    place: tuple[str, ...]
    township: tuple[str, ...]
    failing: Ints
    known: Ints

    def frame(self) -> pd.DataFrame:
        """Give one row a clause and place; shares are of all scenarios."""
        import pandas as pd

        return pd.DataFrame(
            {
                "clause": self.clause,
                "place": self.place,
                "township": self.township,
                "failing": self.failing,
                "known": self.known,
                "share_fails": self.failing / self.scenarios,
                "share_unknown": 1.0 - self.known / self.scenarios,
            }
        )

    def by_township(self) -> pd.DataFrame:
        """Give one row a clause and township: its place that falls short most often.

        Of several institutions in one township the risk is that of the worst, so that of any
        falling short is at least as much. `share_fails` is missing where it can be said in no
        scenario; `share_unknown` is that of the same place.
        """
        import pandas as pd

        table = self.frame()
        table = table[table["township"] != ""]
        said = table["known"] > 0
        table = table.assign(share_fails=table["share_fails"].where(said))
        order = table["share_fails"].fillna(-1.0)
        worst = order.groupby([table["clause"], table["township"]], sort=False).idxmax()
        columns = ["clause", "township", "place", "share_fails", "share_unknown"]
        return pd.DataFrame(table.loc[list(worst), columns].reset_index(drop=True))

    def any_clause(self, clauses: Collection[str]) -> pd.DataFrame:
        """Give one row a township: which of some clauses falls short most often, and how often.

        It is the least that can be said of the risk that any of them does.

        Parameters
        ----------
        clauses
            Ids of those that count: one that never holds would hide the others.
        """
        import pandas as pd

        table = self.by_township().dropna(subset="share_fails")
        table = table[table["clause"].isin(list(clauses))]
        at = table.groupby("township", sort=False)["share_fails"].idxmax()
        worst = table.loc[list(at)].set_index("township").reindex(list(self.townships))
        return pd.DataFrame(worst.rename_axis("township").reset_index())


def risk(places: ds.Dataset, problem: Problem, scenarios: int) -> Risk:
    """Add up how often each place falls short, over the chunks of a sweep.

    Parameters
    ----------
    places
        Data set ``places``: one row a chunk, clause and place.
    problem
        Whose townships and institutions they are.
    scenarios
        How many there are.

    Raises
    ------
    InputError
        A column is missing, or more scenarios are counted than there are.
    """
    lacking = [name for name in COLUMNS if name not in places.schema.names]
    if lacking:
        what = f"there is no column {', '.join(lacking)}."
        raise one_fault("places", what, "Give the data set 'places' of a sweep of a table.")
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for batch in places.to_batches(columns=list(COLUMNS)):
        clause, place, failing, known = (column.to_pylist() for column in batch.columns)
        for c, p, f, k in zip(clause, place, failing, known, strict=True):
            before = sums.get((c, p), (0, 0))
            sums[c, p] = before[0] + f, before[1] + k
    counts = np.array(list(sums.values()), dtype=np.int64).reshape(-1, 2)
    if (counts > scenarios).any():
        what = f"more scenarios are counted than the {scenarios:,} there are."
        raise one_fault("places", what, "Give both data sets of the same sweep.")
    district = problem.district
    homes = {str(name): str(home) for name, home in district.providers()["township"].items()}
    townships = tuple(str(name) for name in district.townships.index)
    return Risk(
        scenarios,
        townships,
        tuple(clause for clause, _ in sums),
        tuple(place for _, place in sums),
        tuple(place if place in townships else homes.get(place, "") for _, place in sums),
        counts[:, 0],
        counts[:, 1],
    )
