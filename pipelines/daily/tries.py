"""When a filing that failed is tried again: later each time, and not for ever."""

from datetime import datetime, timedelta
from enum import Enum, auto

from dexter.domain.daily import DayFiling
from dexter.errors import (
    BudgetError,
    ImportShapeError,
    ModelError,
    StoreCorruptError,
    StoreError,
)

SHORTEST, LONGEST = timedelta(minutes=15), timedelta(hours=8)
MORNINGS = 3
"""Of a filing that was given up so many further tries are made: one whenever its day is
made up for."""
_DOUBLINGS = 16
_OF_ALL = (StoreError, ModelError, BudgetError)
_OF_ONE = (StoreCorruptError, ImportShapeError)


class Occasion(Enum):
    """Why a day is worked on: it is today, it is made up for, or it was asked for."""

    TODAY = auto()
    MADE_UP = auto()
    ASKED = auto()


def is_due(filing: DayFiling, occasion: Occasion, most: int, now: datetime) -> bool:
    """Whether a filing that failed is to be tried now.

    Args:
        filing: As its latest try left it.
        occasion: Why its day is worked on: whoever asks for a day of the past neither
            waits nor is refused.
        most: Tries until its day gives it up.
        now: The present.
    """
    if occasion is Occasion.ASKED:
        return True
    if occasion is Occasion.MADE_UP:
        most += MORNINGS
    waited = now - filing.decided_at
    # A clock that was ahead keeps nobody waiting until then.
    waits = timedelta(0) <= waited < _wait(filing.attempts)
    return filing.attempts < most and not waits


def _wait(attempts: int) -> timedelta:
    """How long after a try the next one is made: twice as long each time."""
    doublings = min(max(attempts - 1, 0), _DOUBLINGS)
    return min(SHORTEST * (1 << doublings), LONGEST)


def is_of_all(error: Exception) -> bool:
    """Whether an error says nothing of the filing it came over.

    A database that is busy or cannot be written, a language model that is down, and a
    budget that is spent are over one day, and every filing is as good as it was.
    """
    return isinstance(error, _OF_ALL) and not isinstance(error, _OF_ONE)
