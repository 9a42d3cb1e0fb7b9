"""The file to begin with says every key, and says the truth."""

import re
import tomllib
from pathlib import Path

from dexter.operating import DEFAULT_RULES, Operating, read
from dexter.operating.example import example, written
from dexter.operating.kinds import Part
from dexter.operating.layout import every, fields, inner, part_at
from tests.operating.test_reading import written as home_with

_OFF = re.compile(r"^#(?=\S)", re.MULTILINE)


def test_read_back_it_is_the_defaults(tmp_path: Path) -> None:
    found = read(home_with(tmp_path, example()))
    assert found == Operating()
    assert found.model_dump() == Operating().model_dump()


def test_with_every_example_in_force_it_is_a_usable_file(tmp_path: Path) -> None:
    found = read(home_with(tmp_path, _OFF.sub("", example())))
    assert found.alerts.quiet is not None
    assert found.email is not None
    assert found.heartbeat is not None
    assert [one.name for one in found.recipients] == ["me"]
    assert [rule.name for rule in found.alerts.rules[1:]] == [
        rule.name for rule in DEFAULT_RULES
    ]


def test_it_names_every_key_there_is() -> None:
    table = tomllib.loads(_OFF.sub("", example()))
    for place in every(Operating):
        at: object = table
        for part in place:
            at = at[0] if isinstance(at, list) else at
            assert isinstance(at, dict)
            assert part in at, place
            at = at[part]


def test_every_key_has_its_words() -> None:
    for place in every(Operating):
        part = part_at(Operating, place[:-1])
        held = {key: field for key, _, field in fields(part)}
        field = held[str(place[-1])]
        table: type[Part] | None = inner(field)
        assert field.description or (table and table.__doc__), place


def test_lines_are_short_and_none_is_cut() -> None:
    lines = example().splitlines()
    assert max(map(len, lines)) <= 80
    assert not any("Undefined" in line for line in lines)


def test_values_are_spelt_as_toml_reads_them() -> None:
    for value in (True, 5, 'a "b" \\ ₹', ["a", 1], "line\nbreak"):
        assert tomllib.loads(f"x = {written(value)}")["x"] == value
