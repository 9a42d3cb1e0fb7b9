"""Results seasons: the weeks in which a quarter's results are due."""

from datetime import date, timedelta

from dexter.domain.period import Quarter, Window

_DUE_DAYS = 45
_DUE_DAYS_OF_YEAR = 60
_LAST_QUARTER = 4


def season_of(quarter: Quarter) -> Window:
    """From the day after a quarter's end to the last day its results are due.

    Source: SEBI LODR regulation 33 — 45 days, 60 for the fourth quarter.
    """
    due = _DUE_DAYS_OF_YEAR if quarter.number == _LAST_QUARTER else _DUE_DAYS
    end = quarter.end
    return Window(
        end + timedelta(days=1), end + timedelta(days=due), f"{quarter} season"
    )


def season_on(day: date) -> Quarter:
    """The quarter whose season is open on a day, or was the last to open."""
    return Quarter.ended_before(day)
