"""Authorised beds shared out by weights, worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from resalloc.district.authorised import fill_authorised_beds
from resalloc.district.beds import model_beds
from resalloc.district.settings import AuthorisedBeds, BedTotals
from resalloc.errors import InputError

WEIGHTS = {"general_hospital": 100, "township_hospital": 20, "private_hospital": 10}


def providers(rows: dict[str, tuple[str, float]], several: float = np.nan) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "kind": [kind for kind, _ in rows.values()],
            "beds_authorised": [beds for _, beds in rows.values()],
            "n_institutions": several,
        },
        index=pd.Index(list(rows), name="institution", dtype="str"),
    )


LISTED = providers(
    {
        "甲院": ("general_hospital", np.nan),
        "乙卫生院": ("township_hospital", np.nan),
        "丙卫生院": ("township_hospital", 30.0),
        "疾控": ("cdc", 0.0),
    }
)
PRIVATE = providers({"民营（3家）": ("private_hospital", np.nan)}, several=3)


def beds_of(total: int, weights: dict[str, float]) -> AuthorisedBeds:
    source = "Elsewhere's average" if weights else ""
    return AuthorisedBeds(total=total, source="item 1", weights=weights, weights_source=source)


def people(_: str) -> float:
    return 50_000.0


def test_what_is_printed_comes_off_and_the_rest_goes_by_weight():
    """330 less 30 printed leave 300 for weights 100, 20 and 3 × 10: 200, 40 and 60."""
    found = fill_authorised_beds(LISTED, PRIVATE, beds_of(330, WEIGHTS), people)
    assert found.listed["beds_authorised"].tolist() == [200, 40, 30, 0]
    assert found.unlisted["beds_authorised"].tolist() == [60]
    assert found.shared == ("甲院", "乙卫生院", "民营（3家）")


def test_parts_are_whole_and_sum_to_the_rate_times_the_people():
    """6.66 per 1,000 of 50,000 are 333: 303 by 100, 20 and 30 are 202, 40.4 and 60.6."""
    total = AuthorisedBeds(rate=6.66, source="item 1", weights=WEIGHTS, weights_source="average")
    found = fill_authorised_beds(LISTED, PRIVATE, total, people)
    assert found.listed["beds_authorised"].tolist() == [202, 40, 30, 0]
    assert found.unlisted["beds_authorised"].tolist() == [61]


def test_the_weight_of_a_name_goes_before_that_of_its_kind():
    """甲院 weighs 50 instead of 100: 300 by 50, 20 and 30 are 150, 60 and 90."""
    found = fill_authorised_beds(LISTED, PRIVATE, beds_of(330, WEIGHTS | {"甲院": 50}), people)
    assert found.listed["beds_authorised"].tolist() == [150, 60, 30, 0]
    assert found.unlisted["beds_authorised"].tolist() == [90]


def test_without_weights_only_the_unlisted_are_filled():
    """330 less 30 go to the private ones; what is unknown of the listed stays so."""
    found = fill_authorised_beds(LISTED, PRIVATE, beds_of(330, {}), people)
    assert np.isnan(found.listed["beds_authorised"]).tolist() == [True, True, False, False]
    assert found.unlisted["beds_authorised"].tolist() == [300]
    assert found.shared == ()


def test_without_a_total_nothing_is_filled():
    found = fill_authorised_beds(LISTED, PRIVATE, None, people)
    assert found.listed["beds_authorised"].isna().sum() == 2


def test_more_beds_known_than_the_total_are_refused():
    with pytest.raises(InputError, match="20 beds are fewer than"):
        fill_authorised_beds(LISTED, PRIVATE, beds_of(20, WEIGHTS), people)


def test_a_missing_weight_and_one_of_nobody_are_both_named():
    weights = {"general_hospital": 100, "township_hospital": 20, "戊院": 5}
    with pytest.raises(InputError) as caught:
        fill_authorised_beds(LISTED, PRIVATE, beds_of(330, weights), people)
    told = str(caught.value)
    assert "'戊院' is of no kind" in told
    assert "no weight of the kind 'private_hospital' (民营（3家）)" in told


@pytest.mark.parametrize("given", [{"weights": {"cdc": 1}}, {"weights_source": "somewhere"}])
def test_weights_need_a_source_and_a_source_weights(given):
    with pytest.raises(ValueError, match="go together"):
        AuthorisedBeds(total=1, source="item 1", **given)


def test_beds_shared_out_say_so_and_printed_ones_do_not():
    total = beds_of(330, WEIGHTS)
    found = fill_authorised_beds(LISTED, PRIVATE, total, people)
    both = pd.concat([found.listed, found.unlisted])
    beds = model_beds(both, BedTotals(authorised=total), people, found.shared)
    told = beds.set_index("institution")["basis"]
    assert told["甲院"] == (
        "modelled: item 1, shared out by Elsewhere's average, less the kinds told apart"
    )
    assert told["丙卫生院"] == "modelled: authorised beds less the kinds told apart"
