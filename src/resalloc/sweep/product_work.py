"""A product of axes as work in chunks: every chunk the summary of some populations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from resalloc.scoring.crossing import Axes, axis_of
from resalloc.scoring.products import summarise_block
from resalloc.scoring.products.tables import to_tables
from resalloc.sweep.hashes import digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from resalloc.problem.scenario import Batch
    from resalloc.scoring.products import Product
    from resalloc.sweep.axes import Axis

_PARTS, _LEAST = 16, 64
"""Into how many chunks the populations are divided, and how many a chunk has at least."""


@dataclass(frozen=True, eq=False)
class ProductWork:
    """A product of axes to be summarised in chunks of populations.

    Memory is bounded by the arrays of the product and one chunk's summary
    (:func:`resalloc.scoring.products.room`), whatever the number of scenarios.

    Parameters
    ----------
    product
        All populations × all plans × all variants.
    axes
        The scenarios of each axis.
    sources
        SHA-256 of the files the sweep was described in, by name.
    """

    product: Product
    axes: Axes
    sources: Mapping[str, str]

    @property
    def chunk_size(self) -> int:
        """Populations a chunk."""
        return max(_LEAST, -(-self.product.shape[0] // _PARTS))

    @property
    def chunks(self) -> int:
        """How many chunks there are."""
        return -(-self.product.shape[0] // self.chunk_size)

    def size(self, chunk: int) -> int:
        """Say how many scenarios a chunk has: populations × plans × variants."""
        populations, plans, variants = self.product.shape
        own = min(self.chunk_size, populations - chunk * self.chunk_size)
        return own * plans * variants

    def identity(self) -> Mapping[str, Any]:
        """Give all that decides the results."""
        populations, plans, variants = self.product.shape
        arrays = [
            array for clause in self.product.clauses for row in clause.rows for array in row.arrays
        ]
        bounds = [row.bounds for clause in self.product.clauses for row in clause.rows]
        return {
            "kind": "product",
            "populations": populations,
            "plans": plans,
            "variants": variants,
            "chunk": self.chunk_size,
            "clauses": [clause.name for clause in self.product.clauses],
            "all together": list(self.product.joint),
            "compared by": [[m.clause, m.better, m.variant] for m in self.product.measures],
            "sources": dict(self.sources),
            "axes": {
                name: digest(batch.values)
                for name, batch in zip(Axes._fields, self.axes, strict=True)
            },
            "people, plans and ways": digest(*arrays),
            "targets": digest(*bounds),
        }

    def run(self, chunk: int) -> Mapping[str, pa.Table]:
        """Summarise a chunk of populations with every plan and variant.

        The matrix products run on one core each: on several, they add up in another order,
        and a chunk would not come to the same bytes everywhere.
        """
        from threadpoolctl import threadpool_limits

        low = chunk * self.chunk_size
        high = min(low + self.chunk_size, self.product.shape[0])
        with threadpool_limits(1, user_api="blas"):
            return to_tables(summarise_block(self.product, low, high))


def three_axes(axes: Sequence[Axis]) -> Axes:
    """Cross the axes of a sweep file into populations, plans and variants.

    Raises
    ------
    InputError
        An axis mixes people with plans or targets, or too many scenarios would have to be
        held; all at once.
    """
    from resalloc.errors import Fault, InputError
    from resalloc.problem.scenario import Batch
    from resalloc.sampling.crossed import Crossed

    groups: dict[str, list[Axis]] = {name: [] for name in Axes._fields}
    faults: list[Fault] = []
    for axis in axes:
        try:
            groups[axis_of(axis.design.factors, axis.name)].append(axis)
        except InputError as error:
            faults += error.faults
    batches: list[Batch] = []
    for name, group in groups.items():
        design = Crossed(tuple(axis.design for axis in group)) if group else None
        if design is not None and len(design) * max(1, len(design.factors)) > LARGEST:
            what = f"{len(design):,} {name} × {len(design.factors)} factors cannot be held."
            faults.append(Fault("axes", what, f"Stay below {LARGEST:,} numbers an axis."))
        elif design is not None:
            batches.append(design.rows(0, len(design)))
        else:
            batches.append(Batch((), np.zeros((1, 0))))
    if faults:
        raise InputError(faults)
    return Axes(*batches)


LARGEST = 100_000_000
"""Most numbers (scenarios × factors) one axis of a product may have: 0.8 GB."""
