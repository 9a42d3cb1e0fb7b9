"""A field that vanished, was renamed or changed its kind is named."""

from collections.abc import Mapping
from datetime import date

import pytest

from dexter.errors import SourceShapeError
from dexter.sources.drift import check, check_day, news, shapes
from dexter.sources.kinds import KINDS, any_of
from dexter.sources.reading import read
from tests.sources.clients.rows import DAY, GOLDEN, announcement

ROWS = [announcement(number) for number in range(10)]


def without(row: Mapping[str, object], name: str) -> dict[str, object]:
    return {key: value for key, value in row.items() if key != name}


@pytest.mark.parametrize("dataset", GOLDEN)
def test_any_field_renamed_overnight_is_named(dataset: str) -> None:
    records = read(dataset, "", "", GOLDEN[dataset]).records
    shape = shapes()[dataset]
    for field in (field for field in shape.fields if field.needed):
        changed = [
            {**without(row, field.name), f"{field.name}_V2": row[field.name]}
            for row in records
        ]
        with pytest.raises(SourceShapeError) as raised:
            check(dataset, changed)
        assert f"{field.name} vanished" in raised.value.sentence
        assert f"{field.name}_V2" in raised.value.sentence
        assert raised.value.source == shape.source


@pytest.mark.parametrize("dataset", GOLDEN)
def test_any_field_of_another_kind_is_named(dataset: str) -> None:
    records = read(dataset, "", "", GOLDEN[dataset]).records
    for field in shapes()[dataset].fields:
        if field.name in records[0]:
            changed = [{**row, field.name: [1]} for row in records]
            with pytest.raises(SourceShapeError, match="is a list") as raised:
                check(dataset, changed)
            assert field.name in raised.value.sentence


def test_a_code_that_became_text_is_said_with_both_kinds() -> None:
    changed = [{**row, "SCRIP_CD": "990001"} for row in ROWS]
    with pytest.raises(SourceShapeError, match="SCRIP_CD was int and is '990001'"):
        check("bse announcements", changed)


def test_a_row_without_its_key_is_named() -> None:
    changed = [*ROWS[:4], without(ROWS[4], "NEWSID"), *ROWS[5:]]
    with pytest.raises(SourceShapeError, match="NEWSID vanished from row 5"):
        check("bse announcements", changed)


def test_a_few_odd_rows_condemn_nothing_and_are_told() -> None:
    odd = [without(ROWS[0], "HEADLINE"), announcement(1, DissemDT=None), *ROWS[2:]]
    check("bse announcements", odd)
    assert news("bse announcements", odd) == (
        "DissemDT was iso moment and is null, in row 2",
        "HEADLINE is not in row 1",
    )


def test_a_payload_half_of_the_old_shape_is_refused() -> None:
    half = [without(row, "HEADLINE") for row in ROWS[:5]]
    with pytest.raises(SourceShapeError, match="vanished from 5 of 10 rows"):
        check("bse announcements", [*half, *ROWS[5:]])


def test_a_new_field_is_news_and_no_more() -> None:
    changed = [{**row, "ESG_SCORE": 3} for row in ROWS]
    check("bse announcements", changed)
    assert news("bse announcements", changed) == ("ESG_SCORE is new",)


def test_nothing_is_compared_with_nothing() -> None:
    check("bse announcements", [])
    assert news("bse announcements", []) == ()


def test_a_file_of_another_day_is_refused() -> None:
    records = read("nse delivery", "", "", GOLDEN["nse delivery"]).records
    check_day("nse delivery", records, DAY)
    with pytest.raises(SourceShapeError, match="04-May-2026"):
        check_day("nse delivery", records, date(2026, 5, 5))


def test_every_kind_a_shape_speaks_of_is_known() -> None:
    spoken = {
        kind
        for shape in shapes().values()
        for field in shape.fields
        for kind in field.kinds
    }
    assert spoken <= KINDS


@pytest.mark.parametrize(
    ("kind", "fits", "not_"),
    [
        ("decimal", [" 1,234.50", "-.16", "5", "0000064"], ["", "-", "1.2.3", 5, "e"]),
        ("isin", ["INE990A01014"], ["INE990A0101", "", None]),
        ("iso moment", ["2026-09-16T19:56:02.293"], ["2026-09-16", "16-Sep-2026"]),
        ("nse moment", ["21-SEP-2026 10:00", "21-Sep-2026 10:00:01"], ["21-Sep-2026"]),
        ("band", ["No Band", "2", "20"], ["", "five"]),
        ("int", [3], [True, 3.0, "3", None]),
        ("number", [3, 3.5], [True, "3"]),
        ("name", ["a"], [" ", "", None]),
    ],
)
def test_kinds(kind: str, fits: list[object], not_: list[object]) -> None:
    assert all(any_of((kind,))(value) for value in fits)
    assert not any(any_of((kind,))(value) for value in not_)
