"""Walk-forward splits by results season, purged and embargoed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dexter.domain.moment import IST
from dexter.domain.period import Quarter

EMBARGO_SESSIONS = 3


@dataclass(frozen=True, slots=True)
class Split:
    """One step forward; the tuples hold positions in the events.

    ``purged`` are events published before the season whose label was not known until
    the embargo; ``train_until`` is the last session training labels may come from.
    """

    season: Quarter
    train: tuple[int, ...]
    test: tuple[int, ...]
    purged: tuple[int, ...]
    train_until: date
    test_from: date
    test_to: date


def season_of(published_at: datetime) -> Quarter:
    """The season a publication falls in, named for the quarter that had just ended.

    Seasons are stretches of time, so a late filer belongs to the season it spoke in.
    """
    return Quarter.ended_before(published_at.astimezone(IST).date())


def walk_forward(
    published_at: Sequence[datetime],
    label_known_at: Sequence[datetime],
    calendar: Sequence[date],
    minimum_seasons: int = 4,
) -> Iterator[Split]:
    """Train on everything before a season, test on the season, then step on.

    Args:
        published_at: Publication of each event, in any order.
        label_known_at: When each event's label became known.
        calendar: The market's sessions, ascending; counts the embargo.
        minimum_seasons: Seasons with events before the first test.

    Yields:
        A split per season, oldest first. Every training label was known
        ``EMBARGO_SESSIONS`` whole sessions before the first test event's day.
    """
    seasons: dict[Quarter, list[int]] = {}
    for position, moment in enumerate(published_at):
        seasons.setdefault(season_of(moment), []).append(position)
    for season in sorted(seasons)[minimum_seasons:]:
        test = sorted(seasons[season], key=lambda i: (published_at[i], i))
        yield _split(season, test, published_at, label_known_at, calendar)


def _split(
    season: Quarter,
    test: list[int],
    published_at: Sequence[datetime],
    label_known_at: Sequence[datetime],
    calendar: Sequence[date],
) -> Split:
    first = published_at[test[0]].astimezone(IST).date()
    last = published_at[test[-1]].astimezone(IST).date()
    before = [day for day in calendar if day < first]
    until = (
        before[-EMBARGO_SESSIONS - 1] if len(before) > EMBARGO_SESSIONS else date.min
    )
    train: list[int] = []
    purged: list[int] = []
    for position, moment in enumerate(published_at):
        if moment >= published_at[test[0]] or season_of(moment) >= season:
            continue
        known = label_known_at[position].astimezone(IST).date() <= until
        (train if known else purged).append(position)
    return Split(season, tuple(train), tuple(test), tuple(purged), until, first, last)
