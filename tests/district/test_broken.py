"""One defect a folder: the error must say where, what and what to do."""

import shutil
from pathlib import Path

import pytest

from resalloc.district import read_district
from resalloc.district.read import read_candidates
from resalloc.errors import InputError

DATA = Path(__file__).parents[1] / "data"
DEFECTS = sorted(path.name for path in (DATA / "broken").iterdir())


@pytest.mark.parametrize("defect", DEFECTS)
def test_the_error_names_the_defect(defect: str, tmp_path: Path):
    """A defect's folder holds only the file that differs; the rest are the three towns."""
    folder = tmp_path / "district"
    shutil.copytree(DATA / "three_towns", folder)
    for file in (DATA / "broken" / defect).iterdir():
        if file.name == "removed.txt":
            for name in file.read_text(encoding="utf-8").split():
                (folder / name).unlink()
        elif file.name != "expected.txt":
            shutil.copy(file, folder)
    with pytest.raises(InputError) as caught:
        read_district(folder)
    message = str(caught.value)
    expected = (DATA / "broken" / defect / "expected.txt").read_text(encoding="utf-8")
    for words in expected.splitlines():
        assert words in message
    assert all(fault.remedy for fault in caught.value.faults)


def test_an_unknown_name_lists_the_bundled_districts():
    with pytest.raises(InputError, match="Did you mean 'tongliang'"):
        read_district("tongling")


def test_a_byte_order_mark_and_empty_last_lines_do_no_harm(tmp_path: Path):
    folder = tmp_path / "district"
    shutil.copytree(DATA / "three_towns", folder)
    path = folder / "townships.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes() + b",,,,,,,,,,,,\r\n\r\n")
    assert read_district(folder).equals(read_district(DATA / "three_towns"))


def test_other_columns_and_files_may_stand_beside_the_known_ones(tmp_path: Path):
    folder = tmp_path / "district"
    shutil.copytree(DATA / "three_towns", folder)
    path = folder / "institutions.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    lines = [f"{header},source_2,beds_14fyp,kind_zh", *(f"{row},x,12.5,医院" for row in rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    for name in ("committees.csv", "beds_old.csv", "beds (2).csv", "notes.toml"):
        (folder / name).write_text("anything", encoding="utf-8")
    assert read_district(folder).equals(read_district(DATA / "three_towns"))


def test_an_unread_table_does_not_make_its_names_unknown(tmp_path: Path):
    folder = tmp_path / "district"
    shutil.copytree(DATA / "three_towns", folder)
    listed = (folder / "institutions.csv").read_text(encoding="utf-8").splitlines()
    rows = [listed[0], listed[4]]
    (folder / "institutions.csv").write_text("\n".join(listed[:4]), encoding="utf-8")
    unlisted = "\n".join(rows).replace(",", ";")
    (folder / "unlisted.csv").write_text(unlisted, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_district(folder)
    assert [fault.where for fault in caught.value.faults] == ["unlisted.csv"]


def test_candidates_name_the_row_that_is_exchanged(tmp_path: Path):
    path = tmp_path / "candidates.csv"
    path.write_text("site,lon,lat\na,106.0,30.1\nb,30.1,106.0\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"row 3, column lon: .* are exchanged"):
        read_candidates(path)
