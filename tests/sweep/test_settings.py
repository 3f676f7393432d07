"""The sweep file, strictly read, and its axes in a district."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pytest

from resalloc.errors import InputError
from resalloc.norms.read import read_norms
from resalloc.sampling import Crossed
from resalloc.sweep.axes import axes_of
from resalloc.sweep.settings import read_settings

TOP = 'district = "tongliang"\nsampler = "sobol"\nsize = 64\n'
PLAIN = '[[factor]]\nof = "speed"\nvalue = 1.0\n'
TOWNSHIPS = pd.DataFrame(
    {"lon": [106.0, 106.0, 106.1], "lat": [29.8, 29.9, 29.9]}, index=["南镇", "北镇", "东镇"]
)
SITES = ("一院", "二院", "三院")


@pytest.fixture
def read(tmp_path):
    def from_text(text):
        path = tmp_path / "scenarios.toml"
        path.write_text(text, encoding="utf-8")
        return read_settings(path)

    return from_text


@pytest.fixture
def said(read):
    """Read a file and its axes, and give the faults, each as place and sentence."""

    def of(text):
        with pytest.raises(InputError) as caught:
            axes_of(read(text), TOWNSHIPS, SITES)
        return [
            f"{fault.where.removeprefix('scenarios.toml')}: {fault.what} {fault.remedy}"
            for fault in caught.value.faults
        ]

    return of


def test_everything_a_file_says_is_kept(read, tmp_path):
    text = (
        TOP
        + """
seed = 9
plan = "tongliang-2025"
year = 2025
title = "试算"
clauses = ["beds_per_1000"]
measures = ["gini_beds"]
[set]
mean_response_min = "<=16"
[assume]
"travel.detour" = 1.5
ems.call_min = 1
"""
        + PLAIN
    )
    settings = read(text)
    assert settings.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert (settings.district, settings.plan, settings.year) == (
        "tongliang",
        "tongliang-2025",
        2025,
    )
    assert (settings.state, settings.title, settings.files) == ("today", "试算", {})
    assert (settings.clauses, settings.measures) == (("beds_per_1000",), ("gini_beds",))
    assert settings.targets == {"mean_response_min": "<=16"}
    assert settings.assumptions == {"travel.detour": 1.5, "ems.call_min": 1.0}
    (axis,) = settings.axes
    assert (axis.name, axis.sampler, axis.size, axis.seed) == ("table", "sobol", 64, 9)


def test_groups_become_a_factor_of_every_township_and_site(read):
    settings = read(
        TOP
        + """
[[factor]]
of = "population"
by = "township"
lognormal = { mean = 1.0, cv = 0.06 }
correlation = 0.5
[[factor]]
of = "residents"
townships = ["北镇"]
uniform = { low = 0.9, high = 1.1 }
[[factor]]
of = "site"
by = "site"
open = 0.9
[[factor]]
of = "project"
name = "新院区"
adds = { "beds[一院]" = 200 }
counted = false
open = 0.7
"""
    )
    (axis,) = axes_of(settings, TOWNSHIPS, SITES)
    assert [factor.name for factor in axis.design.factors] == [
        "population[南镇]", "population[北镇]", "population[东镇]", "residents[北镇]",
        "site[一院]", "site[二院]", "site[三院]", "新院区",
    ]  # fmt: skip
    project = axis.design.factors[-1]
    assert (project.adds, project.counted) == ({"beds[一院]": 200.0}, False)
    assert set(np.unique(axis.design.rows(0, 64).values[:, 4:])) == {0.0, 1.0}


def test_townships_near_one_another_grow_together(read):
    factor = '[[factor]]\nof = "population"\nby = "township"\nnormal = { mean = 1, sd = 0.05 }\n'
    settings = read(TOP.replace("64", "8192") + factor + "correlation_km = 15\n")
    (axis,) = axes_of(settings, TOWNSHIPS, SITES)
    sample = np.corrcoef(axis.design.rows(0, 8192).values.T)
    assert sample[0, 1] == pytest.approx(np.exp(-11.12 / 15), abs=0.02)
    assert sample[0, 2] < sample[0, 1]


def test_axes_have_samplers_of_their_own(read, tmp_path):
    (tmp_path / "plans.csv").write_text("speed.rural,新院区\n0.9,1\n1.0,0\n", encoding="utf-8")
    settings = read(
        """
district = "tongliang"
[[axis]]
name = "sites"
sampler = "subsets"
size = 5
[[axis.factor]]
of = "site"
sites = ["一院", "二院"]
exactly = 1
[[axis]]
name = "own"
file = "plans.csv"
[[axis.factor]]
of = "project"
name = "新院区"
adds = { "beds[一院]" = 200 }
counted = false
[[axis]]
name = "norms"
sampler = "factorial"
[[axis.factor]]
of = "norm.beds_per_1000"
levels = [7.5, 8.0]
"""
    )
    assert list(settings.files) == [str(tmp_path / "plans.csv")]
    axes = axes_of(settings, TOWNSHIPS, SITES)
    assert [(axis.name, len(axis.design)) for axis in axes] == [
        ("sites", 5),
        ("own", 2),
        ("norms", 2),
    ]
    assert len(Crossed(tuple(axis.design for axis in axes))) == 20


def test_own_districts_and_runs_are_found_beside_the_file_and_hashed(read, tmp_path):
    for folder, file in (("mine", "townships.csv"), ("run", "run.json")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / file).write_text("x")
    settings = read('state = "run"\n' + TOP.replace("tongliang", "mine") + PLAIN)
    assert settings.district == str(tmp_path / "mine")
    assert sorted(settings.files) == [
        str(tmp_path / "mine" / "townships.csv"),
        str(tmp_path / "run" / "run.json"),
    ]
    assert settings.files[str(tmp_path / "run" / "run.json")] == hashlib.sha256(b"x").hexdigest()


def test_faults_of_all_parts_are_told_at_once(said):
    found = said(
        """
district = "tonglian"
sampler = "sobol"
yaer = 2025
[[factor]]
of = "population"
by = "township"
lognormal = { mean = 1.0, sd = 0.06 }
[[factor]]
of = "speed"
uniform = { low = 1.2, high = 0.8 }
[[factor]]
of = "beds"
"""
    )
    starts = [
        ", yaer: unknown key.",
        ", factor 1 (population), lognormal.cv: is missing.",
        ", factor 1 (population), lognormal.sd: unknown key.",
        ", factor 2 (speed), uniform: low 1.2 is above high 0.8.",
        ", factor 3 (beds): does not say how it varies.",
        ", size: is missing.",
    ]
    assert len(found) == len(starts)
    assert all(map(str.startswith, found, starts))


ONE_FACTOR = {
    'of = "speed"\nvalue = 1\nlevels = [1]': "says how it varies 2 times",
    'of = "speed"\nvalue = "fast"': "should be a valid number (found: 'fast'). Mend",
    'of = "population"\nvalue = 1\ntownships = "南镇"': 'brackets: townships = ["南镇"].',
    'of = "beds"\nopen = 0.5': "only a site or a project opens",
    'of = "speed["\nvalue = 1': "cannot be read",
    'of = "speed"\nweights = [1]\nvalue = 1': "there are no levels",
    'of = "beds"\nnormal = { mean = 1, sd = 0.5 }': "may come to",
    'of = "site"\nopen = 0.5': "does not say which site",
    'of = "speed"\nby = "township"\nvalue = 1': "does not differ by township",
    'of = "project"\nname = "P"\nopen = 0.5\ncounted = true': "adds: is missing",
    'of = "project"\nname = "P"\nopen = 0.5\nadds = { "beds[A]" = 9 }': "counted: is missing: say",
    'of = "project"\nname = "P"\nvalue = 60\nadds = { beds = 9 }\ncounted = true': "come to 60",
    'of = "population"\nvalue = 1\ncorrelation_km = 15': "correlation_km: it is one factor",
    'of = "site[一院]"\nopen = 95': "open: 95 is no share. Write 0.95 for 95 %.",
    'of = "population"\nuniform = { low = 90, high = 110 }': "90 is no factor. Write 0.9 for 90 %.",
    'of = "speed"\nlevels = [1, 90]': "90 is no factor",
    'of = "beds"\nlognormal = { mean = 105, cv = 0.1 }': "105 is no factor",
    'of = "population"\nlognormal = { mean = 1, cv = 6 }': "once in a thousand",
    'of = "人口"\nvalue = 1': "of: '人口' is nothing that can vary. Write one of: population,",
    'of = "speed"\nvalue = "1"': "(found: '1'). Write it without quotation marks.",
    'of = "speed"\nuniform = [0.9, 1.1]': "Write uniform = { low = 0.9, high = 1.1 }.",
    'of = "population[南镇，北镇]"\nvalue = 1': 'Separate names by "|": population[A|B].',
    'of = "speed"\nvalue = 1\nadds = { beds = 1 }': "only a project adds",
    'of = "site"\nby = "site"\nexactly = 2': "a sobol sampler does not take it",
    'of = "population"\nvalue = 1\ncorrelation = 0.5': "it is one factor",
    'of = "population"\nby = "township"\nvalue = 1\ncorrelation = 0.5\ncorrelation_km = 9': "two",
    'of = "population"\nby = "township"\nvalue = 1\ncorrelation = -0.6': "semidefinite",
    'of = "population[南真]"\nvalue = 1': "there is no '南真'",
    'of = "site"\nsites = ["四院"]\nopen = 0.5': "there is no '四院'",
    'of = "population"\ntownships = ["南镇", "南镇"]\nvalue = 1': "named twice",
}


@pytest.mark.parametrize("factor", ONE_FACTOR)
def test_a_factor_that_cannot_be_is_refused(said, factor):
    (fault,) = said(f"{TOP}[[factor]]\n{factor}\n")
    assert ONE_FACTOR[factor] in fault


FILES = {
    TOP: "has no factor",
    TOP.replace("size", "sise") + PLAIN: "sise: unknown key. Did you mean 'size'",
    TOP.replace("sobol", "sobel") + PLAIN: "sampler: input should be",
    'district = "tongliang"\n' + PLAIN: "sampler: is missing",
    TOP.replace("sobol", "factorial") + PLAIN: "a factorial sampler has none",
    TOP + 'file = "x.csv"\n' + PLAIN: "a sobol sampler reads none",
    'district = "tongliang"\nfile = "x.csv"': "there is no file 'x.csv'",
    TOP.replace("tongliang", "tonglian") + PLAIN: "there is no 'tonglian'",
    'plan = "tongliang-2026"\n' + TOP + PLAIN: "there is no 'tongliang-2026'",
    'state = "run"\n' + TOP + PLAIN: "there is no 'run'",
    TOP + PLAIN + '[[axis]]\nname = "a"\nsampler = "factorial"\n': "'factor' outside them",
    TOP + PLAIN * 2: "factor 'speed': is named twice",
}


@pytest.mark.parametrize("text", FILES)
def test_a_file_that_does_not_fit_together_is_refused(said, text):
    assert any(FILES[text] in fault for fault in said(text))


def test_a_factor_on_two_axes_is_refused(said):
    axis = '[[axis]]\nname = "{}"\nsampler = "factorial"\n[[axis.factor]]\nof = "beds"\nvalue = 1\n'
    text = 'district = "tongliang"\n' + axis.format("a") + axis.format("b")
    assert said(text) == [", axis 'b', factor 'beds': stands on axis 'a' already. Leave one out."]
    assert any("is named twice" in fault for fault in said(text.replace('"b"', '"a"')))


def test_a_key_below_a_table_says_where_to_put_it(said):
    text = 'district = "tongliang"\n[assume]\n"travel.detour" = 1.5\nsampler = "sobol"\nsize = 9\n'
    found = said(text + PLAIN)
    assert found[0].startswith(", assume.sampler: 'sampler' stands below [assume]. Move it")
    assert len(found) == 2


def test_keys_below_a_factor_or_an_axis_say_where_to_put_them(said):
    text = 'district = "tongliang"\nsampler = "sobol"\n' + PLAIN + 'size = 9\ntitle = "x"\n'
    assert said(text) == [
        ", factor.size: 'size' stands below [[factor]]. Move it to the top of the file.",
        ", factor.title: 'title' stands below [[factor]]. Move it to the top of the file.",
    ]
    axis = '[[axis]]\nname = "a"\nsampler = "sobol"\n[[axis.factor]]\nof = "beds"\nvalue = 1\n'
    assert said(axis + 'size = 9\ndistrict = "tongliang"') == [
        ", axis.factor.size: 'size' stands below [[axis.factor]]. "
        "Move it up, right below [[axis]].",
        ", axis.factor.district: 'district' stands below [[axis.factor]]. "
        "Move it to the top of the file.",
    ]


def test_a_byte_order_mark_is_read_over(read):
    assert read("\ufeff" + TOP + PLAIN).axes[0].size == 64


@pytest.mark.parametrize(
    ("wrong", "pairs"),
    [
        ("uniform = \uff5b low = 0.9\uff0c high = 1.1 }", "{ for \uff5b, , for \uff0c."),
        ("size \uff1d 64", "= for \uff1d."),
        ("title = \u201c甲\u201d  # “", '" for \u201c, " for \u201d.'),
        ("levels = \uff3b1, 2]", "[ for \uff3b."),
    ],
)
def test_full_width_signs_are_named(read, wrong, pairs):
    with pytest.raises(InputError, match="type ASCII: ") as caught:
        read(f"{TOP}{wrong}\n")
    assert caught.value.faults[0].remedy.endswith(f"type ASCII: {pairs}")


@pytest.mark.parametrize("name", ["tongliang", "tongliang_product"])
def test_bundled_sweeps_name_what_the_district_and_plan_have(name, tongliang):
    settings = read_settings(name)
    axes = axes_of(settings, tongliang.townships, list(tongliang.sites.index))
    design = Crossed(tuple(axis.design for axis in axes))
    assert len(design.rows(0, 100)) == 100
    ids = {norm.id for norm in read_norms(settings.plan)}
    targets = [factor.what for factor in design.factors if factor.kind == "target"]
    assert {target.removeprefix("norm.") for target in targets} <= ids


def test_an_unknown_bundled_sweep_is_refused():
    with pytest.raises(InputError, match="Did you mean 'tongliang'"):
        read_settings("tonglian")
