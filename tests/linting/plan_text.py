"""Small plans for the tests of the rules, written as a few lines each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from resalloc.norms.document import Document
from resalloc.norms.normset import NormSet
from resalloc.norms.read import parse_norms


def plan_of(*clauses: dict[str, Any], period: tuple[int, int] = (2021, 2025)) -> NormSet:
    """Give a plan of clauses; what a clause does not say is filled in."""
    records = [_record(number, dict(clause)) for number, clause in enumerate(clauses)]
    norms = parse_norms({"norm": records}, "small.toml", Path())
    return NormSet(Document(id="small", title="小规划", period=period), norms)


def _record(number: int, clause: dict[str, Any]) -> dict[str, Any]:
    says = {
        "quote": clause.pop("quote", f"第{number}条"),
        "where": clause.pop("where", f"{number}"),
        "nature": clause.pop("nature", "none"),
        "also": clause.pop("also", []),
    }
    name = clause.pop("id", f"clause_{number}")
    use = clause.pop("use", "score" if clause.get("values") else "context")
    clause.setdefault("scope", "district")
    return {"id": name, "use": use, "because": "A test.", "says": says, "reads": clause}
