"""Walk-forward splits, with the exact dates they must have."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dexter.domain.moment import IST, bar_known_at
from dexter.domain.period import Quarter
from dexter.ml.splits import EMBARGO_SESSIONS, season_of, walk_forward
from tests.features.making import at, weekdays

CALENDAR = weekdays(800)


def known(published: datetime) -> datetime:
    """Close of the third session from publication, as labels have it."""
    start = next(i for i, d in enumerate(CALENDAR) if bar_known_at(d) >= published)
    return bar_known_at(CALENDAR[start + 2])


def test_exact_dates_of_a_split() -> None:
    published = [
        at(date(2020, 1, 20)),  # season of Q3 FY20
        at(date(2020, 5, 20)),  # season of Q4 FY20
        at(date(2020, 6, 24)),  # the same; its third session is Mon 29 June
        at(date(2020, 6, 29)),  # the same; its label is known on Thu 2 July
        at(date(2020, 7, 1)),  # season of Q1 FY21, the test
        at(date(2020, 9, 30), 10),
    ]
    (split,) = walk_forward(
        published, [known(p) for p in published], CALENDAR, minimum_seasons=2
    )
    assert split.season == Quarter(2021, 1)
    assert (split.test_from, split.test_to) == (date(2020, 7, 1), date(2020, 9, 30))
    # Sessions before Wed 1 July: Tue 30, Mon 29, Fri 26 are the embargo.
    assert split.train_until == date(2020, 6, 25)
    assert split.train == (0, 1)
    assert split.purged == (2, 3)
    assert split.test == (4, 5)


def test_a_late_filer_belongs_to_the_season_it_spoke_in() -> None:
    assert season_of(at(date(2020, 7, 1))) == Quarter(2021, 1)
    assert season_of(at(date(2020, 6, 30))) == Quarter(2020, 4)


def test_the_season_is_that_of_the_indian_day() -> None:
    late = datetime(2020, 6, 30, 20, 0, tzinfo=IST).astimezone(tz=None)
    assert season_of(late) == Quarter(2020, 4)


def test_the_first_seasons_only_teach() -> None:
    published = [at(CALENDAR[i]) for i in range(0, 700, 5)]
    splits = list(walk_forward(published, [known(p) for p in published], CALENDAR))
    assert str(splits[0].season) == "Q3 FY21"
    seasons = {season_of(p) for p in published}
    assert len(splits) == len(seasons) - 4


@given(st.lists(st.integers(5, 700), min_size=20, max_size=120))
def test_no_training_label_reaches_the_test_season(places: list[int]) -> None:
    published = [
        at(CALENDAR[place]) + timedelta(minutes=i) for i, place in enumerate(places)
    ]
    labels = [known(p) for p in published]
    for split in walk_forward(published, labels, CALENDAR, minimum_seasons=1):
        first = min(published[i] for i in split.test)
        before = [d for d in CALENDAR if d < split.test_from]
        for i in split.train:
            assert published[i] < first
            gap = [d for d in before if d > labels[i].date()]
            assert len(gap) >= EMBARGO_SESSIONS
        everything = {*split.train, *split.purged, *split.test}
        assert len(everything) == sum(map(len, (split.train, split.purged, split.test)))
        later = {i for i, p in enumerate(published) if season_of(p) > split.season}
        assert everything | later == set(range(len(published)))
