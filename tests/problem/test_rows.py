"""One row, two readers: the scorer divides, the model multiplies out."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import sparse

from resalloc.problem.rows import NormRows, Rows, stack

if TYPE_CHECKING:
    from resalloc.norms.norm import Norm
    from resalloc.norms.normset import NormSet


def _rows(
    norm: Norm,
    sense: str,
    bound: float,
    top: list[float],
    bottom: list[float],
    constants: tuple[float, float] = (0.0, 0.0),
    scale: float = 1000.0,
) -> NormRows:
    """One row over the columns (beds, extra beds, residents)."""
    return NormRows(
        norm=norm,
        places=("here",),
        years=np.array([2025]),
        top=sparse.csr_array(np.array([top])),
        top_constant=np.array([constants[0]]),
        bottom=sparse.csr_array(np.array([bottom])),
        bottom_constant=np.array([constants[1]]),
        scale=scale,
        sense=(sense,),
        bound=np.array([bound]),
        unknown=("",),
    )


@pytest.fixture
def norm(town_plan: NormSet) -> Norm:
    return town_plan["beds_per_1000"]


def test_value_is_scale_times_top_over_bottom(norm: Norm):
    rows = _rows(norm, ">=", 8.0, [1, 1, 0], [0, 0, 1])
    x = np.array([70.0, 5.0, 10_000.0])
    assert rows.value(x).tolist() == [7.5]  # 1000 × (70 + 5) / 10,000
    assert rows.shortfall(x).tolist() == [0.5]


def test_constants_count_on_both_sides(norm: Norm):
    rows = _rows(norm, ">=", 8.0, [1, 0, 0], [0, 0, 1], constants=(10.0, 1000.0))
    # 1000 × (70 + 10) / (9,000 + 1,000)
    assert rows.value(np.array([70.0, 0.0, 9000.0])).tolist() == [8.0]


@pytest.mark.parametrize(
    ("sense", "bound", "short"),
    [(">=", 8.0, 0.5), (">=", 7.0, 0.0), ("<=", 7.0, 0.5), ("<=", 8.0, 0.0), ("==", 7.0, 0.5),
     ("==", 8.0, 0.5), ("==", 7.5, 0.0)],
)  # fmt: skip
def test_shortfall_is_never_negative(norm: Norm, sense: str, bound: float, short: float):
    rows = _rows(norm, sense, bound, [1, 1, 0], [0, 0, 1])
    assert rows.shortfall(np.array([70.0, 5.0, 10_000.0])).tolist() == [short]


def test_what_is_not_known_spoils_only_the_rows_that_use_it(norm: Norm):
    x = np.array([70.0, np.nan, 10_000.0])
    without = _rows(norm, ">=", 8.0, [1, 0, 0], [0, 0, 1])
    with_it = _rows(norm, ">=", 8.0, [1, 1, 0], [0, 0, 1])
    assert without.value(x).tolist() == [7.0]
    assert np.isnan(with_it.value(x)).all()
    assert np.isnan(with_it.shortfall(x)).all()


def test_nothing_over_nothing_is_no_figure_and_falls_short_by_nothing(norm: Norm):
    """No beds need no nurses: 0 / 0."""
    rows = _rows(norm, ">=", 1.6, [1, 0, 0], [0, 1, 0], scale=1.0)
    x = np.array([0.0, 0.0, 1.0])
    assert np.isnan(rows.value(x)).all()
    assert rows.shortfall(x).tolist() == [0.0]


def test_something_over_nothing_is_endless(norm: Norm):
    floor = _rows(norm, ">=", 1.6, [1, 0, 0], [0, 1, 0], scale=1.0)
    cap = _rows(norm, "<=", 1.6, [1, 0, 0], [0, 1, 0], scale=1.0)
    x = np.array([5.0, 0.0, 1.0])
    assert floor.value(x).tolist() == [np.inf]
    assert floor.shortfall(x).tolist() == [0.0]
    assert cap.shortfall(x).tolist() == [np.inf]


@pytest.mark.parametrize(
    ("sense", "ends"), [(">=", (80.0, np.inf)), ("<=", (-np.inf, 80.0)), ("==", (80.0, 80.0))]
)
def test_multiplied_out_with_a_constant_denominator(norm: Norm, sense: str, ends: object):
    """8 per 1,000 of 10,000 residents is 80 beds."""
    rows = _rows(norm, sense, 8.0, [1, 1, 0], [0, 0, 0], constants=(0.0, 10_000.0))
    matrix, lo, hi = rows.linear()
    assert matrix.toarray().tolist() == [[1.0, 1.0, 0.0]]
    assert (lo[0], hi[0]) == ends


def test_multiplied_out_with_a_denominator_of_columns(norm: Norm):
    """1.6 staff per bed: staff − 1.6 beds ≥ 0, whose constants go to the other side."""
    rows = _rows(norm, ">=", 1.6, [1, 0, 0], [0, 1, 0], constants=(3.0, 10.0), scale=1.0)
    matrix, lo, _ = rows.linear()
    assert matrix.toarray().tolist() == [[1.0, -1.6, 0.0]]
    assert lo.tolist() == [pytest.approx(1.6 * 10 - 3)]


def test_a_batch_equals_a_loop(town_rows: Rows):
    """A leading axis of scenarios gives what one by one gives, derived columns included."""
    rng = np.random.default_rng(3)
    today = np.nan_to_num(town_rows.columns.today)
    batch = np.round(today * rng.uniform(0.5, 2.0, size=(7, len(today))))
    batch[:, town_rows.columns["crewed"].ids.reshape(-1)] = rng.integers(0, 2, size=(7, 4))
    batch[3, town_rows.columns["station"].ids[1]] = np.nan
    filled = town_rows.derive(batch)
    for i, x in enumerate(batch):
        np.testing.assert_array_equal(filled[i], town_rows.derive(x))
        for rows in town_rows.norms:
            np.testing.assert_array_equal(rows.value(filled)[i], rows.value(filled[i]))
            np.testing.assert_array_equal(rows.shortfall(filled)[i], rows.shortfall(filled[i]))


def test_a_grid_of_scenarios_keeps_its_shape(town_rows: Rows):
    x = np.zeros((2, 3, town_rows.columns.size))
    rows = town_rows.of("village_clinics")
    assert rows.value(town_rows.derive(x)).shape == (2, 3, 3)


def test_rows_are_found_by_norm(town_rows: Rows):
    assert len(town_rows.of("village_clinics")) == 3
    assert len(town_rows.of("icu_beds_share")) == 2  # both ends of 2–5 %
    with pytest.raises(KeyError):
        town_rows.of("life_expectancy")


def test_norms_without_rows_have_a_reason(town_rows: Rows):
    assert dict(town_rows.skipped) == {
        "life_expectancy": "measure",
        "healthy_life_expectancy": "context",
    }


def test_repeated_columns_add_up():
    twice = stack([(np.array([1, 1]), np.array([2.0, 3.0]))], 3)
    assert twice.toarray().tolist() == [[0.0, 5.0, 0.0]]
    assert stack([], 3).shape == (0, 3)


def test_rows_can_be_pickled(town_rows: Rows):
    again = pickle.loads(pickle.dumps(town_rows))
    x = town_rows.derive(np.nan_to_num(town_rows.columns.today))
    np.testing.assert_array_equal(again.derive(x), x)
    for one, other in zip(again.norms, town_rows.norms, strict=True):
        np.testing.assert_array_equal(one.value(x), other.value(x))
