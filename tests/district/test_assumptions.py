import pytest

from resalloc.district import read_assumptions, read_district
from resalloc.errors import InputError


def test_every_default_has_labels_and_a_source():
    for entry in read_assumptions():
        assert entry.zh, entry.key
        assert entry.en, entry.key
        assert entry.source, entry.key


def test_all_wrong_changes_are_named_together():
    changes = {"travel.detuor": 1.5, "travel.detour": -1.0, "demand.urban_rule": "village"}
    with pytest.raises(InputError) as caught:
        read_assumptions().replace(changes)
    assert len(caught.value.faults) == 3
    assert "Did you mean 'travel.detour'" in str(caught.value)


def test_a_replaced_value_names_its_source():
    changed = read_assumptions().replace({"ems.call_min": 2})
    assert changed.value("ems.call_min") == 2
    assert changed["ems.call_min"].source == "user"
    assert read_assumptions().value("ems.call_min") == 1


def test_a_choice_is_no_number():
    with pytest.raises(InputError, match="not a number"):
        read_assumptions().value("demand.urban_rule")


def test_the_terrain_picks_the_detour():
    chosen = read_district("tongliang").assumptions["travel.detour"]
    assert chosen.value == 1.4
    assert "rolling" in chosen.source


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[assumption."a"]\nvalue = 1\n', "lacks en, source, unit, zh"),
        (
            '[assumption."a"]\nvalue=1\nunit=""\nzh="甲"\nen="a"\nsource="s"\nwhy="?"\n',
            "unknown field why",
        ),
        ('[assumption."a"]\nvalue="x"\nunit=""\nzh="甲"\nen="a"\nsource="s"\n', "not a number"),
    ],
)
def test_a_wrong_entry_is_refused(tmp_path, text, words):
    path = tmp_path / "assumptions.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        read_assumptions(path)
