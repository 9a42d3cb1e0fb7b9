"""Walk-forward splits, with the exact dates they must have."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dexter.domain.moment import IST
from dexter.domain.period import Quarter
from dexter.features.moments import (
    day_number,
    day_of,
    ist_days,
    moment_number,
    quarter_number,
    quarter_of,
    whole,
)
from dexter.ml.dataset import Whole
from dexter.ml.splits import EMBARGO_SESSIONS, Split, season_of, walk_forward
from tests.features.making import at, weekdays
from tests.ml.making_events import published

CALENDAR = whole(day_number(day) for day in weekdays(800))
DAYS = tuple(map(day_of, CALENDAR))
MOMENTS = (
    at(date(2020, 1, 20)),  # season of Q3 FY20
    at(date(2020, 5, 20)),  # season of Q4 FY20
    at(date(2020, 6, 22)),  # the same; its third session is Thu 25 June
    at(date(2020, 6, 23)),  # the same; its label is known on Fri 26 June
    at(date(2020, 6, 29)),  # the same; known on Thu 2 July
    at(date(2020, 7, 1)),  # season of Q1 FY21, the test
    at(date(2020, 9, 30), 10),
)


def season(moment: datetime) -> Quarter:
    return quarter_of(season_of(whole([moment_number(moment)]))[0])


def test_exact_dates_of_a_split() -> None:
    data = published(*MOMENTS, calendar=CALENDAR)
    (split,) = walk_forward(data, CALENDAR, minimum_seasons=2)
    assert quarter_of(split.season) == Quarter(2021, 1)
    assert day_of(split.test_from) == date(2020, 7, 1)
    assert day_of(split.test_to) == date(2020, 9, 30)
    # Sessions before Wed 1 July: Tue 30, Mon 29, Fri 26 are the embargo.
    assert day_of(split.train_until) == date(2020, 6, 25)
    assert split.train.tolist() == [0, 1, 2]
    assert split.purged == 2
    assert split.test.tolist() == [5, 6]


def test_the_embargo_counts_sessions_of_the_market_not_days() -> None:
    holidays = {day_number(date(2020, 6, day)) for day in (25, 26, 29)}
    calendar = whole(day for day in CALENDAR if day not in holidays)
    data = published(*MOMENTS, calendar=calendar)
    (split,) = walk_forward(data, calendar, minimum_seasons=2)
    # Tue 30, Wed 24, Tue 23 are the last three before it.
    assert day_of(split.train_until) == date(2020, 6, 22)
    assert split.train.tolist() == [0, 1]
    assert split.purged == 3


def test_only_the_judged_are_tested_and_the_others_only_teach() -> None:
    data = published(*MOMENTS, calendar=CALENDAR)
    data = replace(data, judged=np.array([0, 1, 0, 0, 0, 0, 1], dtype=np.bool_))
    (split,) = walk_forward(data, CALENDAR, minimum_seasons=2)
    assert split.test.tolist() == [6]
    assert split.test_from == split.test_to == day_number(date(2020, 9, 30))
    # The embargo counts from the first event that is tested; what came before it in
    # its own season does not teach for it.
    assert split.train.tolist() == [0, 1, 2, 3, 4]
    assert split.purged == 0


def test_a_season_without_judged_events_is_no_test() -> None:
    data = published(*MOMENTS, calendar=CALENDAR)
    data = replace(data, judged=np.arange(7) < 5)
    assert list(walk_forward(data, CALENDAR, minimum_seasons=2)) == []
    assert list(walk_forward(data, CALENDAR, minimum_seasons=9)) == []


def test_a_late_filer_belongs_to_the_season_it_spoke_in() -> None:
    assert season(at(date(2020, 7, 1))) == Quarter(2021, 1)
    assert season(at(date(2020, 6, 30))) == Quarter(2020, 4)


def test_the_season_is_that_of_the_indian_day() -> None:
    late = datetime(2020, 6, 30, 20, 0, tzinfo=IST).astimezone(tz=None)
    assert season(late) == Quarter(2020, 4)
    assert season(datetime(2020, 7, 1, 0, 0, tzinfo=IST)) == Quarter(2021, 1)


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_a_season_is_the_quarter_that_had_just_ended(day: date) -> None:
    assert season(at(day)) == Quarter.containing(day).shift(-1)


def test_the_first_seasons_only_teach() -> None:
    data = published(*(at(DAYS[i]) for i in range(0, 700, 5)), calendar=CALENDAR)
    splits = list(walk_forward(data, CALENDAR))
    assert [str(quarter_of(split.season)) for split in splits] == [
        *("Q3 FY21", "Q4 FY21", "Q1 FY22", "Q2 FY22", "Q3 FY22"),
        "Q4 FY22",
        "Q1 FY23",
    ]
    assert [split.season for split in splits] == list(np.unique(data.season)[4:])
    assert quarter_number(Quarter(2021, 3)) == splits[0].season


def gap(calendar: Whole, known_day: int, split: Split) -> int:
    """Whole sessions between a label and the first test event's day."""
    return int(((calendar > known_day) & (calendar < split.test_from)).sum())


@given(
    st.lists(st.integers(5, 700), min_size=20, max_size=120),
    st.sets(st.integers(0, 119)),
    st.sets(st.integers(0, 799), max_size=200),
)
def test_no_training_label_reaches_the_test_season(
    places: list[int], unjudged: set[int], holidays: set[int]
) -> None:
    calendar = np.delete(CALENDAR, sorted(holidays - set(range(790, 800))))
    moments = [at(DAYS[p]) + timedelta(minutes=i) for i, p in enumerate(sorted(places))]
    data = published(*moments, calendar=calendar)
    judged = np.array([i not in unjudged for i in range(len(data))])
    data = replace(data, judged=judged)
    for split in walk_forward(data, calendar, minimum_seasons=1):
        first = data.moment[split.test].min()
        assert split.test_from == ist_days(data.moment[split.test]).min()
        assert (data.moment[split.train] < first).all()
        assert judged[split.test].all()
        for known_day in data.known_day[split.train].tolist():
            assert gap(calendar, known_day, split) >= EMBARGO_SESSIONS
        assert not set(split.train) & set(split.test)
        # Whoever came before the season either teaches or was purged for a reason.
        before = np.flatnonzero(data.season < split.season)
        purged = set(before.tolist()) - set(split.train.tolist())
        assert len(purged) == split.purged
        for place in purged:
            assert gap(calendar, data.known_day[place], split) < EMBARGO_SESSIONS
        same = (data.season == split.season) & judged
        assert np.flatnonzero(same).tolist() == split.test.tolist()
