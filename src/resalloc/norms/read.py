"""Reading norm files, strictly: every fault of a file is reported at once."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from resalloc.errors import Fault, InputError, did_you_mean, one_fault
from resalloc.norms.document import Document
from resalloc.norms.indicator import indicators
from resalloc.norms.norm import Norm
from resalloc.norms.normset import NormSet
from resalloc.norms.project import Project
from resalloc.paths import data_path, read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_GUIDE = "See CONTRIBUTING.md, 'How to add a norm'."


class _Table(BaseModel):
    """A ``[[table]]`` entry: one norm per row of a CSV file.

    `after` names the norm behind which the rows stand in the document's order.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    file: str
    after: str = ""
    use: str
    where: str
    quote: tuple[str, ...]
    because: str = ""
    because_zh: str = ""
    nature: str = "none"
    reads: dict[str, Any] = {}


def plans() -> tuple[str, ...]:
    """Give the ids of the bundled plans, in order.

    Examples
    --------
    >>> "tongliang-2025" in plans()
    True
    """
    return tuple(sorted(path.stem for path in data_path("norms").glob("*.toml")))


def newest_plan(district: str) -> str:
    """Give the newest bundled plan of a district.

    Raises
    ------
    InputError
        There is none.

    Examples
    --------
    >>> newest_plan("tongliang")
    'tongliang-2025'
    """
    own = [plan for plan in plans() if plan.startswith(f"{district}-")]
    if not own:
        remedy = "Name one: --plan PLAN. " + did_you_mean(district, plans())
        raise one_fault("plan", f"no bundled plan belongs to the district '{district}'.", remedy)
    return own[-1]


def read_document(plan: str) -> Document:
    """Give what is known of a bundled plan's document."""
    path = data_path("documents", f"{plan}.toml")
    try:
        return Document.model_validate(read_toml(path))
    except ValidationError as error:
        raise InputError(list(_faults(path.name, "", error))) from None


def read_norms(plan: str | Path) -> NormSet:
    """Read a plan's norms.

    Parameters
    ----------
    plan
        Id of a bundled plan (``"tongliang-2025"``), or the path of a norm file. A
        file ``<id>.toml`` finds its document in ``<id>.document.toml`` beside it, if there
        is one, and its tables in the folder ``<id>/``.

    Returns
    -------
    NormSet
        All clauses, in the document's order.

    Raises
    ------
    InputError
        The plan is unknown, or the file has faults; all of them, each with the
        file, the norm, the field and what to do.

    Examples
    --------
    >>> norms = read_norms("tongliang-2025")
    >>> norms["beds_per_1000"].says.nature
    '预期性'
    """
    path = Path(plan)
    if path.suffix == ".toml":
        document_path = path.with_suffix(".document.toml")
        tables = path.with_suffix("")
    else:
        if str(plan) not in plans():
            remedy = did_you_mean(str(plan), plans())
            raise one_fault("plan", f"there is no bundled plan '{plan}'.", remedy)
        path = data_path("norms", f"{plan}.toml")
        document_path = data_path("documents", f"{plan}.toml")
        tables = data_path("tables", str(plan))
    norms = parse_norms(read_toml(path), path.name, tables)
    if path.suffix == ".toml" and not document_path.is_file():
        return NormSet(_unnamed(path.stem, norms), norms)
    try:
        document = Document.model_validate(read_toml(document_path))
    except ValidationError as error:
        raise InputError(list(_faults(document_path.name, "", error))) from None
    return NormSet(document, norms)


def _unnamed(name: str, norms: tuple[Norm, ...]) -> Document:
    """Stand in for the document of a norm file that has none beside it."""
    years = [year for norm in norms for year in (*norm.reads.values, *norm.reads.baseline)]
    period = (min(years, default=0), max(years, default=0))
    return Document(id=name, title=name, period=period)


def parse_norms(content: Mapping[str, Any], name: str, tables: Path) -> tuple[Norm, ...]:
    """Turn the content of a norm file into norms, or refuse it with all its faults."""
    faults: list[Fault] = [
        Fault(name, f"unknown table '{key}'.", "Only [[norm]] and [[table]] are read.")
        for key in content
        if key not in {"norm", "table"}
    ]
    for key in ("norm", "table"):
        if not _is_list_of_tables(content.get(key, [])):
            faults.append(Fault(name, f"'{key}' is not a list.", f"Write [[{key}]]. {_GUIDE}"))
            content = {**content, key: []}
    norms: list[Norm] = []
    for label, record in _records(content, name, tables, faults):
        try:
            norms.append(Norm.model_validate(record))
        except ValidationError as error:
            faults.extend(_faults(name, label, error))
    faults.extend(_check_words(name, norms))
    tables_read = {str(entry.get("id")) for entry in content.get("table", [])}
    faults.extend(_check_links(name, norms, tables_read))
    if faults:
        raise InputError(faults)
    return tuple(norms)


def _is_list_of_tables(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _records(
    content: Mapping[str, Any], name: str, tables: Path, faults: list[Fault]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give each norm as a plain record, a table's rows behind the norm its `after` names."""
    behind: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    ids = {str(record.get("id")) for record in content.get("norm", [])}
    for entry in content.get("table", []):
        label = f"table {entry.get('id', '?')}"
        try:
            table = _Table.model_validate(entry)
        except ValidationError as error:
            faults.extend(_faults(name, label, error))
            continue
        if table.after and table.after not in ids:
            where, what = f"{name}, {label}, after", f"there is no norm '{table.after}'."
            faults.append(Fault(where, what, did_you_mean(table.after, ids)))
            continue
        behind.setdefault(table.after, []).extend(_rows(table, label, name, tables, faults))
    for number, record in enumerate(content.get("norm", []), start=1):
        yield str(record.get("id", f"number {number}")), record
        yield from behind.pop(str(record.get("id")), [])
    for rows in behind.values():
        yield from rows


def _rows(
    table: _Table, label: str, name: str, tables: Path, faults: list[Fault]
) -> Iterator[tuple[str, dict[str, Any]]]:
    path = tables / table.file
    if not path.is_file():
        faults.append(Fault(name, f"{label}: '{table.file}' is missing.", f"Put it in {tables}."))
        return
    with path.open(encoding="utf-8", newline="") as handle:
        for number, row in enumerate(csv.DictReader(handle), start=1):
            try:
                yield f"{table.id}.{number:02d}", _from_row(table, number, row)
            except (KeyError, ValueError) as error:
                where = f"{table.file}, row {number + 1}"
                faults.append(Fault(where, f"cannot be read: {error}.", _GUIDE))


def _from_row(table: _Table, number: int, row: Mapping[str, str]) -> dict[str, Any]:
    reads = dict(table.reads)
    if reads.pop("project", False):
        reads["project"] = Project.from_cells(row)
    for field in ("values", "baseline"):
        columns: Mapping[str, str] = reads.get(field, {})
        reads[field] = {
            year: float(row[column]) for year, column in columns.items() if row[column] != ""
        }
    for field in ("scope", "indicator", "note", "note_zh"):
        if field in reads:
            reads[field] = reads[field].format(**row)
    return {
        "id": f"{table.id}.{number:02d}",
        "use": table.use,
        "because": table.because,
        "because_zh": table.because_zh,
        "says": {
            "quote": " ".join(row[column] for column in table.quote),
            "where": table.where.format(**row),
            "nature": table.nature,
            "also": _other_place(row),
        },
        "reads": reads,
    }


def _other_place(row: Mapping[str, str]) -> list[dict[str, Any]]:
    """Give the place of ``also_quote`` and ``also_where``, with the sizes printed there."""
    if not row.get("also_quote"):
        return []
    sizes = {
        column.removeprefix("also_"): float(cell)
        for column, cell in row.items()
        if column.startswith("also_") and column not in ("also_quote", "also_where") and cell
    }
    return [{"quote": row["also_quote"], "where": row["also_where"], "sizes": sizes}]


def _check_words(name: str, norms: list[Norm]) -> Iterator[Fault]:
    seen: set[str] = set()
    for norm in norms:
        where = f"{name}, norm '{norm.id}'"
        if norm.id in seen:
            yield Fault(where, "the id is used twice.", "Give each norm its own id.")
        seen.add(norm.id)
        if norm.use != "context" and not norm.reads.values:
            what = "it is empty; only a context norm may have no target."
            remedy = f"Give the figure by the year it is due. {_GUIDE}"
            yield Fault(f"{where}, reads.values", what, remedy)
        if norm.reads.indicator and norm.reads.indicator not in indicators():
            known = did_you_mean(norm.reads.indicator, indicators())
            yield Fault(
                f"{where}, reads.indicator",
                f"'{norm.reads.indicator}' is not in indicators.toml.",
                f"{known} Or add it there.",
            )


def _check_links(name: str, norms: list[Norm], tables: set[str]) -> Iterator[Fault]:
    """Refuse `total_of` and `part_of` that name nothing of the file."""
    ids = {norm.id for norm in norms}
    for norm in norms:
        links = {"total_of": (*norm.reads.total_of,), "part_of": (norm.reads.part_of,)}
        for field, names in links.items():
            known = ids | tables if field == "total_of" else ids
            for link in names:
                if link and link not in known:
                    where = f"{name}, norm '{norm.id}', reads.{field}"
                    yield Fault(where, f"there is no norm '{link}'.", did_you_mean(link, known))


def _faults(name: str, label: str, error: ValidationError) -> Iterator[Fault]:
    for item in error.errors():
        field = ".".join(str(part) for part in item["loc"])
        where = ", ".join(
            part for part in (name, f"norm '{label}'" if label else "", field) if part
        )
        kind = item["type"]
        if kind == "extra_forbidden":
            yield Fault(where, "unknown key.", f"Remove it or mend its spelling. {_GUIDE}")
        elif kind == "missing":
            yield Fault(where, "is missing.", f"Add it. {_GUIDE}")
        else:
            message = item["msg"].removeprefix("Value error, ")
            yield Fault(where, f"{message} (found: {_short(item['input'])}).", _GUIDE)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
