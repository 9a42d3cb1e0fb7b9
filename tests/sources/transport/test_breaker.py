"""A host that refused is left in peace, each time longer, and then probed alone."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexter.errors import SourceRestingError
from dexter.sources.breaker import Breaker
from tests.sources.transport.conftest import CONFIG, Hours

RESTS = (10.0, 60.0, 300.0)


def _breaker(hours: Hours, **changes: object) -> Breaker:
    config = replace(CONFIG, rest_seconds=RESTS, **changes)  # type: ignore[arg-type]
    return Breaker(config, hours)


def _probe(breaker: Breaker) -> None:
    with breaker.request():
        pass


def test_rests_grow_and_the_last_one_repeats(hours: Hours) -> None:
    breaker = _breaker(hours)
    rests = []
    for _ in range(4):
        with breaker.request():
            breaker.refused(at_once=True)
        rests.append(breaker.seconds_left)
        hours.now += breaker.seconds_left
    assert rests == [10, 60, 300, 300]


def test_resting_says_how_long(hours: Hours) -> None:
    breaker = _breaker(hours)
    breaker.refused(at_once=True)
    hours.now += 3
    with pytest.raises(SourceRestingError, match="rests 7 s more"):
        _probe(breaker)


@pytest.mark.parametrize("enough", [1, 2, 3])
def test_so_many_refusals_open_it(hours: Hours, enough: int) -> None:
    breaker = _breaker(hours, blocks_to_rest=enough)
    for number in range(enough):
        assert breaker.seconds_left == 0, number
        breaker.refused()
    assert breaker.seconds_left == 10


def test_only_one_probes_after_a_rest(hours: Hours) -> None:
    breaker = _breaker(hours)
    breaker.refused(at_once=True)
    hours.now += 10
    with breaker.request():
        with pytest.raises(SourceRestingError):
            _probe(breaker)
        breaker.fine()
    with breaker.request():
        _probe(breaker)


def test_a_refused_probe_opens_it_for_longer(hours: Hours) -> None:
    breaker = _breaker(hours)
    breaker.refused(at_once=True)
    hours.now += 10
    with breaker.request():
        breaker.refused()
    assert breaker.seconds_left == 60


def test_a_probe_that_says_nothing_is_followed_by_another(hours: Hours) -> None:
    breaker = _breaker(hours)
    breaker.refused(at_once=True)
    hours.now += 10
    with pytest.raises(LookupError), breaker.request():
        raise LookupError
    with breaker.request(), pytest.raises(SourceRestingError):
        _probe(breaker)


def test_refusals_of_requests_in_flight_count_as_one(hours: Hours) -> None:
    breaker = _breaker(hours)
    with breaker.request(), breaker.request(), breaker.request():
        breaker.refused(at_once=True)
        breaker.refused(at_once=True)
        breaker.fine()
    assert breaker.seconds_left == 10


def test_calm_makes_the_next_rest_short_again(hours: Hours) -> None:
    breaker = _breaker(hours)
    for _ in range(2):
        breaker.refused(at_once=True)
        hours.now += breaker.seconds_left
    for _ in range(20):
        breaker.fine()
    breaker.refused(at_once=True)
    assert breaker.seconds_left == 10


def test_one_good_answer_is_no_calm(hours: Hours) -> None:
    breaker = _breaker(hours)
    breaker.refused(at_once=True)
    hours.now += 10
    breaker.fine()
    breaker.refused(at_once=True)
    assert breaker.seconds_left == 60


def test_a_rest_asked_for_is_kept_up_to_the_longest(hours: Hours) -> None:
    breaker = _breaker(hours)
    breaker.rest(120)
    assert breaker.seconds_left == 120
    hours.now += 120
    breaker.rest(1e9)
    assert breaker.seconds_left == 300


def test_a_pace_of_nothing_rests_for_nothing(hours: Hours) -> None:
    breaker = _breaker(hours, pace=0.0)
    breaker.refused(at_once=True)
    _probe(breaker)


@pytest.mark.parametrize(("elapsed", "left"), [(0, 6), (4, 2), (999, 0), (-5, 6)])
def test_another_process_rests_on(hours: Hours, elapsed: float, left: float) -> None:
    first = _breaker(hours)
    first.refused(at_once=True)
    hours.now += 4
    later = Hours()
    later.now = 5.0
    second = _breaker(later)
    second.from_state(first.to_state(), elapsed)
    assert second.seconds_left == left
    later.now += left
    with second.request():
        second.refused()
    assert second.seconds_left == 60


def test_a_state_of_nothing_is_closed(hours: Hours) -> None:
    breaker = _breaker(hours)
    breaker.from_state({})
    _probe(breaker)
    assert breaker.to_state() == _breaker(hours).to_state()


@given(
    st.lists(
        st.tuples(st.sampled_from(["fine", "refused", "gone"]), st.floats(0, 400)),
        max_size=40,
    )
)
def test_nobody_is_asked_during_a_rest(story: list[tuple[str, float]]) -> None:
    hours = Hours()
    breaker = _breaker(hours)
    for what, seconds in story:
        hours.now += seconds
        left = breaker.seconds_left
        assert 0 <= left <= max(RESTS)
        try:
            with breaker.request():
                assert left == 0
                if what == "fine":
                    breaker.fine()
                elif what == "refused":
                    breaker.refused()
        except SourceRestingError:
            assert left > 0
