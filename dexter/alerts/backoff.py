"""How long a failed try waits for the next, and when a delivery is given up.

A try that was certainly not taken is repeated for three days and at least twenty times,
whichever is later. A busy other side counts as a try like any other: it cannot bring
the end forward, as three days must pass anyway. A send that is never answered has most
likely arrived, and people would get it again each time: after eleven it is given up.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from dexter.domain.delivery import Delivery

SHORTEST = timedelta(seconds=30)
LONGEST = timedelta(hours=1)
MOST_TRIES = 20
MOST_DAYS = timedelta(days=3)
MOST_REPEATS = 10
_LEAST_ASKED = timedelta(seconds=1)


def wait(row: Delivery) -> timedelta:
    """How long to wait after the latest try: twice as long each time, up to an hour.

    Between half and all of it, by the row and its try, so that what failed together
    does not come back together, and the same history gives the same moments.
    """
    doublings = min(max(row.attempts - 1, 0), 16)
    whole = min(SHORTEST * (1 << doublings), LONGEST)
    digest = sha256(f"{row.key}/{row.attempts}".encode()).digest()
    share = int.from_bytes(digest[:4], "big") / 2**32
    return whole * (0.5 + share / 2)


def asked(seconds: float) -> timedelta:
    """How long to wait when the other side says so: as asked, within an hour."""
    # Not a number compares false with everything: then the shortest.
    if not seconds > _LEAST_ASKED.total_seconds():
        return _LEAST_ASKED
    return timedelta(seconds=min(seconds, LONGEST.total_seconds()))


def given_up(row: Delivery, now: datetime) -> bool:
    """Whether a try that was not taken was the last."""
    since = row.failing_since
    return row.attempts >= MOST_TRIES and since is not None and now - since >= MOST_DAYS


def repeated_enough(row: Delivery) -> bool:
    """Whether a try without an answer was the last."""
    return row.repeats >= MOST_REPEATS
