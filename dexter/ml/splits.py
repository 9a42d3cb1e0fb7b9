"""Walk-forward splits by results season, purged and embargoed."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dexter.features.moments import ist_days
from dexter.ml.dataset import Dataset, Whole

EMBARGO_SESSIONS = 3


@dataclass(frozen=True, slots=True)
class Split:
    """One step forward; the columns hold places among the events.

    ``purged`` counts events published before the season whose label was not known until
    the embargo; ``train_until`` is the last session (a day) training labels may come
    from.
    """

    season: int
    train: Whole
    test: Whole
    purged: int
    train_until: int
    test_from: int
    test_to: int


def season_of(moments: Whole) -> Whole:
    """The season each publication falls in: the quarter that had just ended.

    Seasons are stretches of time, so a late filer belongs to the season it spoke in.
    """
    month = ist_days(moments).astype("datetime64[D]").astype("datetime64[M]")
    # Months since 1970; April opens a fiscal year, named for the one it ends in.
    ahead = month.astype(np.int64) - 3
    quarter: Whole = 4 * (1971 + ahead // 12) + ahead % 12 // 3
    return quarter - 1


def walk_forward(
    data: Dataset, calendar: Whole, minimum_seasons: int = 4
) -> Iterator[Split]:
    """Train on everything before a season, test on the season, then step on.

    Args:
        data: Events; only those ``judged`` are tested.
        calendar: The market's sessions as days, ascending; counts the embargo.
        minimum_seasons: Seasons with events before the first test.

    Yields:
        A split per season, oldest first. Every training label was known
        ``EMBARGO_SESSIONS`` whole sessions before the first test event's day.
    """
    for season in np.unique(data.season)[minimum_seasons:]:
        test = np.flatnonzero((data.season == season) & data.judged)
        if not len(test):
            continue
        days = ist_days(data.moment[test])
        before = int(np.searchsorted(calendar, days.min()))
        until = (
            int(calendar[before - EMBARGO_SESSIONS - 1])
            if before > EMBARGO_SESSIONS
            else -1
        )
        earlier = (data.season < season) & (data.moment < data.moment[test].min())
        known = earlier & (data.known_day <= until)
        yield Split(
            season=int(season),
            train=np.flatnonzero(known),
            test=test,
            purged=int((earlier & ~known).sum()),
            train_until=until,
            test_from=int(days.min()),
            test_to=int(days.max()),
        )
