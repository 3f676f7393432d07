import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from resalloc.district import read_assumptions, read_district
from resalloc.errors import InputError

FOLDER = Path(__file__).parents[1] / "data" / "three_towns"
TOWNS = read_district(FOLDER)


def test_an_unknown_series_is_refused_with_the_nearest_name():
    with pytest.raises(InputError, match="Did you mean 'residents'"):
        TOWNS.series("resident", 2020)


def test_given_candidates_get_a_township_and_modelled_travel():
    spots = pd.DataFrame({"name": ["北口"], "lon": [106.0], "lat": [30.19]})
    more = TOWNS.with_candidates(spots)
    assert more.sites.loc["北口", "township"] == "北镇"
    assert more.sites.loc["北口", "candidate"]
    assert more.travel.distance_km.shape == (6, 5)
    np.testing.assert_array_equal(more.travel.travel_min[:, :4], TOWNS.travel.travel_min)
    assert more.travel.basis.startswith("given: round minutes; to candidates modelled")


def test_a_candidate_may_not_take_the_name_of_a_site():
    spots = pd.DataFrame({"name": ["南镇卫生院"], "lon": [106.0], "lat": [30.19]})
    with pytest.raises(InputError, match="is taken"):
        TOWNS.with_candidates(spots)


def test_travel_must_be_that_of_the_points_and_sites():
    with pytest.raises(InputError, match="not points by sites"):
        replace(TOWNS, points=TOWNS.points.iloc[:-1])


def test_without_points_and_urban_figures_the_usual_shares_are_taken(tmp_path: Path):
    """85 % of a street and 30 % of a town live in the built-up area."""
    folder = tmp_path / "towns"
    shutil.copytree(FOLDER, folder)
    (folder / "points.csv").unlink()
    (folder / "travel.csv").unlink()
    frame = pd.read_csv(folder / "townships.csv")
    frame.drop(columns=["urban_residents_2020", "rural_residents_2020"]).to_csv(
        folder / "townships.csv", index=False
    )
    points = read_district(folder).points
    built = points[points.index.str.contains("/u")].groupby("township")["share"].sum()
    assert built.to_dict() == pytest.approx({"中心街道": 0.85, "北镇": 0.3, "南镇": 0.3})


def test_assumptions_reach_the_modelled_travel():
    slow = read_assumptions().replace({"travel.speed_rural_kmh": 17.5})
    usual, slower = read_district("tongliang"), read_district("tongliang", assumptions=slow)
    rural = (usual.points["place_class"] == "rural").to_numpy()
    far = usual.travel.travel_min > 4
    one, other = usual.travel.travel_min[rural], slower.travel.travel_min[rural]
    np.testing.assert_allclose(other[far[rural]], 2 * one[far[rural]])


def test_a_notebook_shows_names_as_text():
    shown = replace(TOWNS, name="<b>")._repr_html_()
    assert "&lt;b&gt;" in shown
    assert "100,000" in shown
