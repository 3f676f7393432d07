"""An audit needs no solver and prints nothing."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from resalloc.scoring.score import score

if TYPE_CHECKING:
    from resalloc.problem.problem import Problem


def test_scoring_loads_no_solver():
    code = (
        "import sys, resalloc as ra\n"
        "problem = ra.Problem(ra.read_district('tongliang'),"
        " ra.read_norms('tongliang-2025').at(2025))\n"
        "card = ra.score(problem)\n"
        "assert not {'highspy', 'pulp'} & set(sys.modules), 'a solver was loaded'\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout == ""


def test_scoring_is_silent(town_problem: Problem, capfd):
    score(town_problem)
    assert capfd.readouterr() == ("", "")
