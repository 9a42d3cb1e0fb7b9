"""What a sync asks for, and what it knows not to ask for again."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from dexter.domain.moment import IST
from dexter.store.collected import Collected, State
from dexter.store.collected import Unit as Asked
from pipelines.sync.units import (
    Scope,
    as_of_now,
    by_day,
    by_day_or_company,
    by_month,
    by_session,
    by_session_and_before,
)

NOON = datetime(2026, 5, 6, 12, tzinfo=IST)
SCOPE = Scope(
    first=date(2026, 5, 4),
    last=date(2026, 5, 6),
    now=NOON,
    sessions=(date(2026, 5, 4), date(2026, 5, 5), date(2026, 5, 6)),
    before=date(2026, 4, 30),
)


def stood(
    state: State, tried_at: datetime, succeeded_at: datetime | None = None
) -> Collected:
    return Collected(Asked("x", "d", "u"), state, 0, None, 1, tried_at, succeeded_at)


def test_a_day_is_asked_for_until_it_is_over() -> None:
    first, _second, last = by_day("d")(SCOPE)
    midday = stood(State.DONE, NOON, NOON)
    assert last.wanted(midday, NOON + timedelta(minutes=1))
    over = NOON.replace(day=7, hour=1)
    assert not last.wanted(stood(State.DONE, over, over), over + timedelta(days=9))
    assert not first.wanted(midday, NOON)


def test_a_failure_is_asked_for_again_whatever_it_was() -> None:
    (first, *_rest) = by_day("d")(SCOPE)
    for state in (State.BLOCKED, State.CHANGED_SHAPE, State.UNAVAILABLE):
        assert first.wanted(stood(state, NOON), NOON)
    assert first.wanted(None, NOON)


def test_a_file_that_never_came_is_given_up_after_days() -> None:
    (first, *_rest) = by_session("d")(SCOPE)
    missing = State.NOT_YET_PUBLISHED
    late = NOON + timedelta(days=10)
    early_on = replace(stood(missing, NOON), attempts=9)
    assert first.wanted(early_on, NOON)
    once = stood(missing, late)
    assert first.wanted(once, late)
    assert not first.wanted(replace(once, attempts=3), late)


def test_the_list_of_bands_is_asked_for_one_session_ahead() -> None:
    days = [unit.day for unit in by_session_and_before("d")(SCOPE)]
    assert days == [SCOPE.before, *SCOPE.sessions]


def test_months_reach_ahead_and_touch_without_gap() -> None:
    units = list(by_month("d")(SCOPE))
    assert [unit.key for unit in units] == ["2026-05", "2026-06"]
    assert units[0].first <= SCOPE.first
    assert units[-1].last >= SCOPE.last + timedelta(days=45)
    for one, other in pairwise(units):
        assert other.first == one.last + timedelta(days=1)


def test_a_standing_list_is_asked_for_once_in_twenty_hours() -> None:
    (unit,) = as_of_now("d")(SCOPE)
    asked = stood(State.DONE, NOON, NOON)
    assert not unit.wanted(asked, NOON + timedelta(hours=19))
    assert unit.wanted(asked, NOON + timedelta(hours=20))


def test_companies_are_asked_for_by_name() -> None:
    narrow = Scope(SCOPE.first, SCOPE.last, NOON, SCOPE.sessions, None, ("KAVCEM",))
    (unit,) = by_day_or_company("d")(narrow)
    assert (unit.company, unit.key) == ("KAVCEM", "2026-05 KAVCEM")
    assert (unit.first.day, unit.last.day) == (1, 31)
