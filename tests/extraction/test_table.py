"""The pieces of table reading that have a meaning of their own."""

from datetime import date
from decimal import Decimal

import pytest

from dexter.domain.statement import ColumnRole
from dexter.extraction.pages.figures import figure
from dexter.extraction.tables.header import read_end
from dexter.extraction.tables.roles import Period, roles


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,29,796.15", "129796.15"),
        ("(156.30)", "-156.30"),
        ("-0.13", "-0.13"),
        ("−7", "-7"),
        ("5124.52*", "5124.52"),
        ("(12", None),
        ("12%", None),
        ("1,2,3", None),
        ("-", None),
        ("3.2.1", None),
    ],
)
def test_a_figure_is_what_is_printed(text: str, value: str | None) -> None:
    assert figure(text) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("30.06.2025 (Unaudited)", date(2025, 6, 30)),
        ("31-Dec-25", date(2025, 12, 31)),
        ("June 30, 2024 [Reviewed]", date(2024, 6, 30)),
        ("31st March 2023", date(2023, 3, 31)),
        ("Sept - 15", date(2015, 9, 30)),
        ("June 30,", None),
        ("29.06.2025", None),
        ("30.06.2025 31.03.2025", None),
        ("31-May-25", None),
    ],
)
def test_a_header_names_one_quarter_end_or_none(text: str, end: date | None) -> None:
    assert read_end(text) == end


NOW, BEFORE = date(2025, 12, 31), date(2025, 9, 30)
AGO, YEAR = date(2024, 12, 31), date(2025, 3, 31)


def test_columns_play_the_role_their_dates_and_lengths_say() -> None:
    ends = [(NOW, 3), (BEFORE, 3), (AGO, 3), (NOW, 9), (AGO, 9), (YEAR, 12)]
    found = roles([Period(end, months) for end, months in ends])
    assert [found[role][0] for role in ColumnRole] == [0, 1, 2, 3, 4, 5]


def test_two_columns_that_claim_the_quarter_leave_it_unknown() -> None:
    assert roles([Period(NOW, 3), Period(NOW, 3), Period(AGO, 3)]) == {}


def test_six_months_at_the_end_of_december_are_no_year_to_date() -> None:
    found = roles([Period(NOW, 3), Period(BEFORE, 3), Period(NOW, 6)])
    assert ColumnRole.YEAR_TO_DATE not in found


def test_an_undated_first_column_is_not_skipped() -> None:
    assert roles([None, Period(BEFORE, 3), Period(AGO, 3)]) == {}
