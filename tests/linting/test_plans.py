"""What the check says of the five bundled plans, each finding read and confirmed in the text.

A new finding here is either a true one, to be read and added, or a false alarm, to be
prevented: in an official document it costs the tool its reader.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from resalloc.district.read import read_district
from resalloc.linting.check import lint
from resalloc.norms.read import plans, read_norms

KNOWN = tomllib.loads(
    (Path(__file__).parents[1] / "data" / "known_findings.toml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("plan", plans())
def test_the_findings_of_a_plan(plan: str):
    found = [(f.rule, f.severity, f.norms[0]) for f in lint(read_norms(plan))]
    known = [(f["rule"], f["severity"], f["norm"]) for f in KNOWN[plan]["alone"]]
    assert sorted(found) == sorted(known)


@pytest.mark.parametrize("plan", plans())
def test_the_findings_beside_its_district(plan: str):
    """The census and the list of institutions add findings, and take none away but one kind."""
    norms = read_norms(plan)
    alone = {(f.rule, f.zh) for f in lint(norms)}
    beside = lint(norms, read_district(plan.partition("-")[0]))
    added = [(f.rule, f.severity, f.norms[0]) for f in beside if (f.rule, f.zh) not in alone]
    known = [(f["rule"], f["severity"], f["norm"]) for f in KNOWN[plan].get("beside", [])]
    assert sorted(added) == sorted(known)
    lost = alone - {(f.rule, f.zh) for f in beside}
    assert {rule for rule, _ in lost} <= {"state_figures"}


@pytest.mark.parametrize("plan", plans())
def test_every_finding_names_places_and_arithmetic(plan: str):
    for finding in lint(read_norms(plan)):
        assert finding.places
        assert all(place.quote and place.where for place in finding.places)
        assert finding.message("zh").startswith("疑似不一致，请核对")
        assert finding.message("en").startswith("Possible inconsistency, please check")
