"""A product of axes comes to the numbers of the table of all its scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from resalloc.errors import InputError
from resalloc.problem.scenario import Batch, Factor
from resalloc.result.scores import VERDICTS
from resalloc.scoring.crossing import Axes, axis_of, cross
from resalloc.scoring.products import Summary, summarise
from resalloc.scoring.state import today
from resalloc.scoring.tables import score_table

if TYPE_CHECKING:
    from resalloc.problem.problem import Problem
    from resalloc.scoring.state import State


@pytest.fixture(scope="module")
def state(town_problem: Problem) -> State:
    return today(town_problem)


def _axes(state: State, rng: np.random.Generator) -> Axes:
    towns = state.problem.district.townships.index
    sites = state.problem.district.sites.index
    people = tuple(Factor(f"population[{town}]") for town in towns)
    plans = (*(Factor(f"site[{site}]") for site in sites), Factor("beds@primary_care"),
             Factor("speed.rural"), Factor("ems.call_min"), Factor("staff.nurse"))  # fmt: skip
    norms = (Factor("norm.reach_rural"), Factor("norm.mean_response_min"),
             Factor("norm.beds_per_1000"))  # fmt: skip
    open_sites = (rng.random((6, len(sites))) < 0.6) * 1.0
    open_sites[0] = 0.0  # nobody comes
    return Axes(
        Batch(people, rng.uniform(0.0, 2.0, (5, len(people)))),
        Batch(plans, np.hstack([open_sites, rng.uniform(0.5, 2, (6, 4))])),
        Batch(norms, np.array([[10, 16, 4], [3, 10, 3.5], [10, 8, 5]])),
    )


def _table(axes: Axes) -> Batch:
    """All scenarios: populations slowest, variants fastest."""
    p, c, n = (np.arange(len(batch)) for batch in axes)
    rows = [g.reshape(-1) for g in np.meshgrid(p, c, n, indexing="ij")]
    values = [batch.values[row] for batch, row in zip(axes, rows, strict=True)]
    return Batch(tuple(f for batch in axes for f in batch.factors), np.hstack(values))


@pytest.mark.parametrize("district", ["towns", "tongliang"])
def test_a_product_counts_what_the_table_counts(
    district: str, state: State, request: pytest.FixtureRequest
):
    if district == "tongliang":
        state = today(request.getfixturevalue("tongliang_problem"))
    axes = _axes(state, np.random.default_rng(8))
    scores = score_table(state, _table(axes))
    product = cross(state, axes)
    summary = Summary(product, summarise(product))
    shape = tuple(len(batch) for batch in axes)
    assert product.shape == shape
    assert {clause.name for clause in product.clauses} == set(scores.ids)
    plans = summary.plans()
    for c, clause in enumerate(scores.ids):
        verdicts = scores.verdict[:, c].reshape(shape)
        told = plans[plans["clause"] == clause]
        for n, variant in enumerate(product.variants):
            own = told[told["variant"] == variant]
            holds = (verdicts[:, :, n] == 0).sum(axis=0)
            unknown = (verdicts[:, :, n] == VERDICTS.index("not_computable")).sum(axis=0)
            assert own["holds"].tolist() == holds.tolist(), clause
            assert own["not_computable"].tolist() == unknown.tolist(), clause
        line = summary.clauses().set_index(["clause", "variant"]).loc[(clause, "all")]
        value = scores.value[:, c]
        if not np.isnan(value).all():
            assert line["least"] == pytest.approx(np.nanmin(value), rel=1e-9)
            assert line["mean"] == pytest.approx(np.nanmean(value), rel=1e-9)
            assert line["most"] == pytest.approx(np.nanmax(value), rel=1e-9)


def test_another_array_library_counts_the_same(state: State):
    strict = pytest.importorskip("array_api_strict")
    product = cross(state, _axes(state, np.random.default_rng(2)))
    ours, theirs = (Summary(p, summarise(p)).plans() for p in (product, product.on(strict.asarray)))
    for column in ("holds", "fails", "not_computable"):
        assert theirs[column].tolist() == ours[column].tolist()
    np.testing.assert_allclose(theirs["mean"], ours["mean"], rtol=1e-12)


def test_an_axis_knows_where_it_belongs():
    assert axis_of([Factor("population"), Factor("children_0_14")], "people") == "populations"
    assert axis_of([Factor("site[A]"), Factor("speed")], "plans") == "plans"
    assert axis_of([Factor("norm.beds_per_1000")], "norms") == "variants"
    with pytest.raises(InputError, match="mixes"):
        axis_of([Factor("population"), Factor("speed")], "all")
    with pytest.raises(InputError, match="budget"):
        axis_of([Factor("budget_wan")], "money")


def test_a_product_in_which_nothing_moves_is_refused(state: State):
    none = Batch((), np.zeros((1, 0)))
    with pytest.raises(InputError, match="no factor moves"):
        cross(state, Axes(none, none, none))
