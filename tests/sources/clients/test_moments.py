"""Days and times as the exchanges write them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexter.domain.moment import IST
from dexter.sources.moments import day_of, moment_of, written


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-09-16T19:56:02.293", (2026, 9, 16, 19, 56, 2, 293_000)),
        ("2026-09-16T19:56:02", (2026, 9, 16, 19, 56, 2)),
        ("2023-10-18 22:11:42", (2023, 10, 18, 22, 11, 42)),
        ("18-Oct-2023 22:11:42", (2023, 10, 18, 22, 11, 42)),
        ("21-SEP-2026 22:11:42", (2026, 9, 21, 22, 11, 42)),
        ("16-Jan-2025 15:30", (2025, 1, 16, 15, 30)),
        ("18102023221142", (2023, 10, 18, 22, 11, 42)),
        ("25 Oct 2023", (2023, 10, 25)),
        ("30-JUN-2026", (2026, 6, 30)),
        ("04-May-23", (2023, 5, 4)),
        ("04-05-2026", (2026, 5, 4)),
        ("2026-05-04", (2026, 5, 4)),
    ],
)
def test_moments_are_indian_time(text: str, moment: tuple[int, ...]) -> None:
    year, month, day, hour, minute, second, fraction = (*moment, 0, 0, 0, 0)[:7]
    due = datetime(year, month, day, hour, minute, second, fraction, IST)
    assert moment_of(text) == due


@pytest.mark.parametrize(
    "text", ["", "-", None, 5, "31-Feb-2026", "1-Xyz-2026", "20101112"]
)
def test_what_names_no_moment_is_none(text: object) -> None:
    assert moment_of(text) is None


@given(st.text(max_size=30))
def test_any_text_is_a_moment_or_none(text: str) -> None:
    moment_of(text)


@pytest.mark.parametrize(
    "style", ["yyyy-mm-dd", "dd-mm-yyyy", "ddmmyyyy", "dd-Mmm-yyyy", "dd-Mmm-yy"]
)
@given(day=st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_what_is_written_reads_back(style: str, day: date) -> None:
    assert day_of(written(day, style)) == day
