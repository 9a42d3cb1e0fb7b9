"""Time as people say it, read on Friday 9 August 2024 unless a test says otherwise."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexter.domain.period import Quarter
from dexter.domain.phrases import (
    Comparison,
    find_comparison,
    find_quarters,
    find_windows,
    names_latest,
    place_quarters,
    season_of,
    strip_time,
)

TODAY = date(2024, 8, 9)
LATEST = Quarter(2025, 1)

QUARTERS = [
    ("Q2 FY25", "Q2 FY25"),
    ("q2fy2025", "Q2 FY25"),
    ("Q2FY25", "Q2 FY25"),
    ("Q2-FY25", "Q2 FY25"),
    ("Q2, FY 2024-25", "Q2 FY25"),
    ("Q2'25", "Q2 FY25"),
    ("Q2 of FY25", "Q2 FY25"),
    ("Q1 2024-25", "Q1 FY25"),
    ("Q1 FY2024/25", "Q1 FY25"),
    ("Q2 2024", "Q2 FY24"),
    ("2QFY25", "Q2 FY25"),
    ("FY24Q2", "Q2 FY24"),
    ("FY25 Q2", "Q2 FY25"),
    ("fiscal 2025 Q3", "Q3 FY25"),
    ("quarter 3 of FY24", "Q3 FY24"),
    ("second quarter of FY25", "Q2 FY25"),
    ("2nd quarter FY 2024-25", "Q2 FY25"),
    ("fourth quarter of fiscal year 2024", "Q4 FY24"),
    ("June quarter", "Q1 FY25"),
    ("September quarter", "Q2 FY24"),
    ("June 2024 quarter", "Q1 FY25"),
    ("June-24 quarter", "Q1 FY25"),
    ("March 2024 quarter", "Q4 FY24"),
    ("June quarter of FY24", "Q1 FY24"),
    ("June quarter of 2023", "Q1 FY24"),
    ("quarter ended 30 June 2024", "Q1 FY25"),
    ("quarter ended June 30, 2024", "Q1 FY25"),
    ("quarter ended 30.06.2024", "Q1 FY25"),
    ("quarter ended 2024-06-30", "Q1 FY25"),
    ("quarter ended June 2024", "Q1 FY25"),
    ("quarter ending December", "Q3 FY24"),
    ("three months ended 31 Dec", "Q3 FY24"),
    ("Apr-Jun 2024", "Q1 FY25"),
    ("April to June 2024", "Q1 FY25"),
    ("Jan-Mar 2024 quarter", "Q4 FY24"),
    ("Q1", "Q1 FY25"),
    ("Q2", "Q2 FY24"),
    ("third quarter", "Q3 FY24"),
    ("Q1 last year", "Q1 FY24"),
    ("June quarter last year", "Q1 FY24"),
    ("last quarter", "Q1 FY25"),
    ("latest quarter", "Q1 FY25"),
    ("most recent quarter", "Q1 FY25"),
    ("previous quarter", "Q1 FY25"),
    ("this quarter", "Q1 FY25"),
    ("next quarter", "Q2 FY25"),
    ("who reports Q2 next", "Q2 FY25"),
    ("this quarter and the previous quarter", "Q1 FY25, Q4 FY24"),
    ("Q4 FY24 and the previous quarter", "Q4 FY24, Q3 FY24"),
    ("last four quarters", "Q2 FY24, Q3 FY24, Q4 FY24, Q1 FY25"),
    ("past 2 quarters", "Q4 FY24, Q1 FY25"),
    ("FY24", "Q1 FY24, Q2 FY24, Q3 FY24, Q4 FY24"),
    ("full year FY2023-24", "Q1 FY24, Q2 FY24, Q3 FY24, Q4 FY24"),
    ("last financial year", "Q1 FY24, Q2 FY24, Q3 FY24, Q4 FY24"),
    ("H1 FY25", "Q1 FY25, Q2 FY25"),
    ("second half of FY24", "Q3 FY24, Q4 FY24"),
    ("H2", "Q3 FY24, Q4 FY24"),
    ("9M FY25", "Q1 FY25, Q2 FY25, Q3 FY25"),
    ("Q1 and Q2 FY24", "Q1 FY24, Q2 FY24"),
    ("Q1, Q2 and Q3 FY24", "Q1 FY24, Q2 FY24, Q3 FY24"),
    ("Q1 FY25 vs Q4 FY24", "Q1 FY25, Q4 FY24"),
    ("Q1 FY25 vs Q4", "Q1 FY25, Q4 FY24"),
    ("Q4 vs Q1 FY25", "Q4 FY24, Q1 FY25"),
    ("Q1 FY25 with Q1 FY25", "Q1 FY25"),
    ("Q3 CY23", "Q2 FY24"),
    ("q3cy2023", "Q2 FY24"),
    ("CY23 Q3", "Q2 FY24"),
    ("3QCY23", "Q2 FY24"),
    ("Q3 (CY'23)", "Q2 FY24"),
    ("third quarter of CY23", "Q2 FY24"),
    ("third calendar quarter of 2023", "Q2 FY24"),
    ("Q3 of calendar year 2023", "Q2 FY24"),
    ("Q3 2023 calendar year", "Q2 FY24"),
    ("calendar Q3 2023", "Q2 FY24"),
    ("Q1 CY24", "Q4 FY24"),
    ("June quarter of CY24", "Q1 FY25"),
    ("Q1 and Q2 CY24", "Q4 FY24, Q1 FY25"),
    ("Q3 CY23 against Q2", "Q2 FY24, Q1 FY24"),
    ("H1 CY24", "Q4 FY24, Q1 FY25"),
    ("CY23", "Q4 FY23, Q1 FY24, Q2 FY24, Q3 FY24"),
]
NO_QUARTER = [
    "same quarter last year", "the year-ago quarter", "a year ago", "year on year",
    "YoY", "sequentially", "quarter on quarter", "QoQ", "vs the previous quarter",
    "compared to last quarter", "growth over last year", "results of 3M India",
    "360ONE WAM", "Sector 7 Foods", "63 Moons", "5paisa", "V2 Retail", "20 Microns",
    "TV18 and Network18", "top 10 companies", "quarter ended 31 July 2024",
    "Q1 FY2024-28", "Q5 FY25", "a quarter of its revenue", "Century 21", "FYERS",
]  # fmt: skip

WINDOWS = [
    ("today", "2024-08-09", "2024-08-09"),
    ("today's results", "2024-08-09", "2024-08-09"),
    ("yesterday", "2024-08-08", "2024-08-08"),
    ("tomorrow", "2024-08-10", "2024-08-10"),
    ("day before yesterday", "2024-08-07", "2024-08-07"),
    ("this week", "2024-08-05", "2024-08-11"),
    ("last week", "2024-07-29", "2024-08-04"),
    ("next week", "2024-08-12", "2024-08-18"),
    ("past week", "2024-08-02", "2024-08-09"),
    ("week of 12 July", "2024-07-08", "2024-07-14"),
    ("this month", "2024-08-01", "2024-08-31"),
    ("last month", "2024-07-01", "2024-07-31"),
    ("next month", "2024-09-01", "2024-09-30"),
    ("in July 2024", "2024-07-01", "2024-07-31"),
    ("July 2024", "2024-07-01", "2024-07-31"),
    ("in July", "2024-07-01", "2024-07-31"),
    ("during November", "2023-11-01", "2023-11-30"),
    ("who will report in October", "2024-10-01", "2024-10-31"),
    ("between 1 July and 15 July 2024", "2024-07-01", "2024-07-15"),
    ("between 1 and 15 July", "2024-07-01", "2024-07-15"),
    ("1-15 July 2024", "2024-07-01", "2024-07-15"),
    ("July 1-15, 2024", "2024-07-01", "2024-07-15"),
    ("from 2024-07-01 to 2024-07-12", "2024-07-01", "2024-07-12"),
    ("from 20 Dec to 5 Jan", "2023-12-20", "2024-01-05"),
    ("between 15 July 2024 and 1 July 2024", "2024-07-01", "2024-07-15"),
    ("from June to July", "2024-06-01", "2024-07-31"),
    ("on 12 July 2024", "2024-07-12", "2024-07-12"),
    ("12th July", "2024-07-12", "2024-07-12"),
    ("July 12, 2024", "2024-07-12", "2024-07-12"),
    ("3rd of August, 2024", "2024-08-03", "2024-08-03"),
    ("12/07/2024", "2024-07-12", "2024-07-12"),
    ("2024-07-12", "2024-07-12", "2024-07-12"),
    ("on 20 August", "2023-08-20", "2023-08-20"),
    ("who reports on 20 August", "2024-08-20", "2024-08-20"),
    ("last 10 days", "2024-07-30", "2024-08-09"),
    ("last ten days", "2024-07-30", "2024-08-09"),
    ("next 10 days", "2024-08-09", "2024-08-19"),
    ("past fortnight", "2024-07-26", "2024-08-09"),
    ("last two weeks", "2024-07-26", "2024-08-09"),
    ("since Monday", "2024-08-05", "2024-08-09"),
    ("since 1 July", "2024-07-01", "2024-08-09"),
    ("since last week", "2024-07-29", "2024-08-09"),
    ("last Friday", "2024-08-02", "2024-08-02"),
    ("on Friday", "2024-08-09", "2024-08-09"),
    ("on Wednesday", "2024-08-07", "2024-08-07"),
    ("who reports on Wednesday", "2024-08-14", "2024-08-14"),
    ("next Friday", "2024-08-16", "2024-08-16"),
    ("this season", "2024-07-01", "2024-08-14"),
    ("this earnings season", "2024-07-01", "2024-08-14"),
    ("the results season", "2024-07-01", "2024-08-14"),
    ("last season", "2024-04-01", "2024-05-30"),
    ("upcoming", "2024-08-09", "2024-08-23"),
    ("what is ahead", "2024-08-09", "2024-08-23"),
    ("upcoming results next week", "2024-08-12", "2024-08-18"),
    ("in 2023", "2023-01-01", "2023-12-31"),
    ("this year", "2024-01-01", "2024-12-31"),
    ("recently", "2024-07-26", "2024-08-09"),
]  # fmt: skip
NO_WINDOW = [
    "quarter ended 30 June 2024", "June quarter", "June 2024 quarter", "Q1 FY25",
    "same quarter last year", "profit vs last year", "Sector 7 Foods", "3M", "360ONE",
    "20 Microns", "it may rise", "they march on", "on 31 June", "5 companies",
    "top 10", "63 Moons", "FY25", "H1 FY25", "Apr-Jun 2024", "",
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), QUARTERS)
def test_quarters(text: str, expected: str) -> None:
    found = find_quarters(f"How did TCS do: {text}?", TODAY, LATEST)
    assert ", ".join(map(str, found)) == expected


@pytest.mark.parametrize("text", NO_QUARTER)
def test_words_that_are_no_quarter(text: str) -> None:
    assert find_quarters(text, TODAY, LATEST) == ()


@pytest.mark.parametrize(("text", "start", "end"), WINDOWS)
def test_windows(text: str, start: str, end: str) -> None:
    found = find_windows(text, TODAY)
    assert [(str(w.start), str(w.end)) for w in found] == [(start, end)]


@pytest.mark.parametrize("text", NO_WINDOW)
def test_words_that_are_no_window(text: str) -> None:
    assert find_windows(text, TODAY) == ()


def test_windows_keep_the_words_that_named_them() -> None:
    assert find_windows("who reported in July 2024?", TODAY)[0].label == "July 2024"
    assert find_windows("who reported last week?", TODAY)[0].label == "last week"


def test_two_windows_stand_in_the_order_of_the_text() -> None:
    found = find_windows("this week against last week", TODAY)
    assert [w.label for w in found] == ["this week", "last week"]


def test_last_quarter_is_the_season_reported_not_the_quarter_in_progress() -> None:
    early = date(2024, 7, 5)
    assert find_quarters("last quarter", early, Quarter(2024, 4)) == (Quarter(2024, 4),)
    assert find_quarters("last quarter", early, None) == (Quarter(2025, 1),)
    # A latest quarter that has not ended cannot have been reported.
    assert find_quarters("last quarter", early, Quarter(2025, 3)) == (Quarter(2025, 1),)


def test_a_month_resolves_to_the_past_unless_the_words_look_ahead() -> None:
    late = date(2024, 12, 20)
    assert find_windows("in January", late)[0].start == date(2024, 1, 1)
    assert find_windows("who will report in January", late)[0].start == date(2025, 1, 1)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("profit year on year", Comparison.YEAR_ON_YEAR),
        ("YoY growth", Comparison.YEAR_ON_YEAR),
        ("vs the same quarter last year", Comparison.YEAR_ON_YEAR),
        ("against the year-ago quarter", Comparison.YEAR_ON_YEAR),
        ("compared with the corresponding quarter of the previous year",
         Comparison.YEAR_ON_YEAR),
        ("more than last year", Comparison.YEAR_ON_YEAR),
        ("grew sequentially", Comparison.SEQUENTIAL),
        ("q-o-q", Comparison.SEQUENTIAL),
        ("quarter over quarter", Comparison.SEQUENTIAL),
        ("compare with the previous quarter", Comparison.SEQUENTIAL),
        ("this quarter vs last quarter", Comparison.SEQUENTIAL),
        ("since last quarter", Comparison.SEQUENTIAL),
        ("last quarter", None),
        ("in the previous quarter", None),
        ("last year", None),
    ],
)  # fmt: skip
def test_comparison_markers(text: str, kind: Comparison | None) -> None:
    assert find_comparison(text) is kind


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("How did HCL Tech do in Q1 FY25?", "How did HCL Tech do ?"),
        ("Sector 7 Foods in July", "Sector 7 Foods"),
        ("3M India results for the quarter ended 30 June 2024", "3M India results"),
        ("Infosys QoQ since Monday", "Infosys"),
        ("360ONE", "360ONE"),
        ("", ""),
    ],
)
def test_strip_time_leaves_names(text: str, left: str) -> None:
    assert strip_time(text) == left


def test_names_latest() -> None:
    assert names_latest("TCS latest results")
    assert names_latest("last quarter")
    assert not names_latest("Q1 FY25 results")


def test_single_quarters_are_found_where_they_stand() -> None:
    text = "revenue Q4 FY24 and profit Q3 CY23 over FY22"
    assert place_quarters(text, TODAY) == [
        (text.index("Q4"), Quarter(2024, 4)),
        (text.index("Q3"), Quarter(2024, 2)),
    ]


def test_a_season_ends_when_results_are_due() -> None:
    assert season_of(Quarter(2025, 1)).end == date(2024, 8, 14)
    assert season_of(Quarter(2024, 4)).end == date(2024, 5, 30)
    assert season_of(Quarter(2025, 3)).end == date(2025, 2, 14)


quarters = st.builds(Quarter, st.integers(2001, 2098), st.integers(1, 4))
days = st.dates(date(2005, 1, 1), date(2090, 12, 31))
ORDINALS = ("first", "second", "third", "fourth")
FORMS = (
    str,
    lambda q: f"q{q.number}fy{q.fiscal_year}",
    lambda q: f"Q{q.number} {q.fiscal_year - 1}-{q.fiscal_year % 100:02d}",
    lambda q: f"Q{q.number}'{q.fiscal_year % 100:02d}",
    lambda q: f"FY{q.fiscal_year} Q{q.number}",
    lambda q: f"{q.number}QFY{q.fiscal_year % 100:02d}",
    lambda q: f"Q{(q.end.month - 1) // 3 + 1} CY{q.end.year}",
    lambda q: f"{ORDINALS[q.number - 1]} quarter of FY{q.fiscal_year % 100:02d}",
    lambda q: f"{q.end:%B} {q.end.year} quarter",
    lambda q: f"{q.end:%B} quarter of FY{q.fiscal_year % 100:02d}",
    lambda q: f"quarter ended {q.end.day} {q.end:%B} {q.end.year}",
    lambda q: f"quarter ended {q.end:%B} {q.end.day}, {q.end.year}",
    lambda q: f"quarter ended {q.end.isoformat()}",
    lambda q: f"{q.start:%b}-{q.end:%b} {q.end.year}",
)


@given(quarters, days, st.sampled_from(FORMS))
def test_every_written_form_of_a_quarter_reads_back(
    quarter: Quarter, today: date, form: object
) -> None:
    assert callable(form)
    text = f"results of TCS, {form(quarter)}, please"
    assert find_quarters(text, today, None) == (quarter,)
    assert find_windows(text, today) == ()


@given(quarters)
def test_a_quarter_of_a_calendar_year_is_read_into_its_fiscal_one(
    quarter: Quarter,
) -> None:
    number = quarter.end.month // 3
    assert Quarter.parse(f"Q{number} CY{quarter.end.year}") == quarter


@given(days, st.integers(1, 4))
def test_an_undated_quarter_is_the_most_recent_that_ended(
    today: date, number: int
) -> None:
    (found,) = find_quarters(f"Q{number} results", today, None)
    assert found.number == number
    assert found.end < today
    assert found.shift(4).end >= today


PIECES = [text for text, *_ in (*QUARTERS, *WINDOWS)]
PIECES += [*NO_QUARTER, *NO_WINDOW, "31", "30 Feb", "to", "and", "-", "since", "2024"]


@given(st.lists(st.sampled_from(PIECES), max_size=5).map(" ".join), days)
def test_windows_are_never_inverted_whatever_the_words(text: str, today: date) -> None:
    assert all(window.start <= window.end for window in find_windows(text, today))


@given(st.text(max_size=60), days)
def test_any_text_can_be_read(text: str, today: date) -> None:
    find_quarters(text, today, None)
    find_windows(text, today)
    assert len(strip_time(text)) <= len(text) + 1


@given(days, days)
def test_a_dated_day_is_that_day(today: date, day: date) -> None:
    (window,) = find_windows(f"on {day.day} {day:%B} {day.year}", today)
    assert (window.start, window.end) == (day, day)


@given(days, st.integers(0, 364))
def test_a_day_without_its_year_is_the_most_recent(today: date, back: int) -> None:
    day = today - timedelta(days=back)
    if (day.month, day.day) == (2, 29):
        return
    (window,) = find_windows(f"reported on {day.day} {day:%B}", today)
    assert window.start == day
