"""The four ways a send can fail, each in a sentence that names the channel."""

import math
from datetime import datetime
from email.utils import parsedate_to_datetime

from dexter.alerts.card_shape import shown
from dexter.errors import (
    ChannelBusyError,
    ChannelDownError,
    ChannelRefusedError,
    ReplyLostError,
)

_LONGEST = 300
_PATIENCE = 60.0
"""Seconds to wait where a server asks to wait and does not say how long."""


def refused(channel: str, why: str, hint: str = "") -> ChannelRefusedError:
    """It will never be taken as it is."""
    return ChannelRefusedError(f"{channel} will not take it: {quoted(why)}.", hint)


def down(channel: str, why: str, hint: str = "") -> ChannelDownError:
    """It was certainly not taken, and may be another time."""
    return ChannelDownError(f"{channel} did not take it: {quoted(why)}.", hint)


def lost(channel: str, why: str) -> ReplyLostError:
    """Nobody knows whether it was taken."""
    return ReplyLostError(f"{channel} may or may not have it: {quoted(why)}.")


def busy(channel: str, seconds: float | None) -> ChannelBusyError:
    """It asks to wait.

    Args:
        channel: Which.
        seconds: For how long, or null where it did not say.
    """
    return ChannelBusyError(channel, _PATIENCE if seconds is None else seconds)


def quoted(said: str) -> str:
    """Somebody's words, in one line of bearable length and without a full stop."""
    one = shown(said).rstrip(". ")
    return one if len(one) <= _LONGEST else f"{one[:_LONGEST].rstrip()}…"


def wait_of(said: object, now: datetime | None = None) -> float | None:
    """Seconds to wait, at least one; null where it is no time at all.

    Args:
        said: A number of seconds, or the text of a Retry-After header.
        now: The moment a date in the header is held against.
    """
    if isinstance(said, bool) or not isinstance(said, int | float | str):
        return None
    try:
        seconds = _seconds(said, now)
    except (ValueError, OverflowError):  # no number and no date, or one beyond all
        return None
    return max(1.0, seconds) if math.isfinite(seconds) else None


def _seconds(said: float | str, now: datetime | None) -> float:
    try:
        return float(said)
    except ValueError:
        moment = parsedate_to_datetime(str(said))
    if now is None or moment.tzinfo is None:
        return math.nan
    return (moment - now).total_seconds()
