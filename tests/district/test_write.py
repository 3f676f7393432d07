import pickle
from dataclasses import fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resalloc.district import District, read_district, write_district

TOWNS = read_district(Path(__file__).parents[1] / "data" / "three_towns")


@pytest.mark.parametrize("candidates", [False, True])
def test_a_modelled_district_reads_back_as_itself(candidates: bool, tmp_path: Path):
    district = read_district("tongliang")
    if candidates:
        district = district.with_candidates()
    assert read_district(write_district(district, tmp_path / "snapshot")).equals(district)


def test_a_district_survives_pickling():
    assert pickle.loads(pickle.dumps(TOWNS)).equals(TOWNS)


def test_writing_over_a_folder_leaves_no_old_table_behind(tmp_path: Path):
    write_district(replace(TOWNS, neighbours=TOWNS.sites[["lon", "lat"]].assign(
        neighbour=TOWNS.sites.index, county="", source="")), tmp_path)  # fmt: skip
    assert (tmp_path / "neighbours.csv").exists()
    write_district(TOWNS, tmp_path)
    assert not (tmp_path / "neighbours.csv").exists()


counts = st.integers(min_value=0, max_value=10**9).map(float) | st.just(float("nan"))
texts = st.text(
    alphabet=st.characters(blacklist_categories=("Cs", "Cc", "Zs", "Zl", "Zp", "Cf")),
    min_size=1,
    max_size=12,
)


@st.composite
def variations(draw: st.DrawFn) -> District:
    """The three towns with other figures, names and gaps."""
    rows = len(TOWNS.institutions)
    institutions = TOWNS.institutions.copy()
    institutions["beds_actual"] = draw(st.lists(counts, min_size=rows, max_size=rows))
    institutions["source"] = draw(st.lists(texts, min_size=rows, max_size=rows))
    population = TOWNS.population.copy()
    towns = population["township"].unique()
    factor = st.floats(min_value=0, max_value=1e3, allow_nan=False)
    factors = draw(st.lists(factor, min_size=len(towns), max_size=len(towns)))
    population["value"] *= population["township"].map(dict(zip(towns, factors, strict=True)))
    kept = draw(st.lists(st.booleans(), min_size=len(TOWNS.staff), max_size=len(TOWNS.staff)))
    staff = TOWNS.staff[kept].reset_index(drop=True)
    change = {"ems.call_min": draw(st.floats(min_value=0, max_value=60))}
    return replace(
        TOWNS,
        name=draw(texts),
        institutions=institutions,
        population=population,
        staff=staff,
        assumptions=TOWNS.assumptions.replace(change),
    )


@given(variations())
@settings(max_examples=40, deadline=None)
def test_what_is_written_reads_back_as_itself(district: District):
    with TemporaryDirectory() as folder:
        again = read_district(write_district(district, folder))
    differing = [
        field.name
        for field in fields(district)
        if not replace(again, **{field.name: getattr(district, field.name)}).equals(again)
    ]
    assert differing == []
