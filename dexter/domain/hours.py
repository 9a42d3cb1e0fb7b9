"""When trading ends on a day, special sessions included.

Source: ``special_sessions.toml``, confirmed day by day against the exchange's prices.
"""

import tomllib
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from importlib.resources import files
from typing import Any

IST = timezone(timedelta(hours=5, minutes=30), "IST")
OPEN = time(9, 15)
CLOSE = time(15, 30)

AUCTION_SINCE = date(2026, 8, 3)
AUCTION_BEGINS = time(15, 15)
AUCTION_ENDS = time(15, 35)
"""Closing auction of shares with futures; its price is their close."""


@cache
def special_sessions() -> dict[str, Any]:
    """The table of days the ordinary calendar does not know."""
    text = files("dexter.domain").joinpath("special_sessions.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def _special_closes() -> dict[date, time]:
    rows = special_sessions()["session"]
    return {row["day"]: row["closes"] for row in rows if "closes" in row}


def close_of(session: date) -> datetime:
    """When continuous trading of an ordinary share ends on a session."""
    return datetime.combine(session, _special_closes().get(session, CLOSE), IST)


def bar_known_at(session: date) -> datetime:
    """From when a daily bar is known: the close, or the end of its closing auction.

    Whether a share closes by auction is not kept with its bar, so from August 2026 on
    every bar waits for it.
    """
    closes = close_of(session)
    if session >= AUCTION_SINCE and closes.time() == CLOSE:
        return datetime.combine(session, AUCTION_ENDS, IST)
    return closes
