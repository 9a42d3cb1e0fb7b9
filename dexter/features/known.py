"""What was visible at the moments asked for: every cut is made here, once."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dexter.features.bars import STALE_DAYS, Bars, Series
from dexter.features.columns import Mask, Whole
from dexter.features.figures import Figures, Quarters, gather
from dexter.features.market_days import MarketDays
from dexter.features.moments import MINUTE, ist_days, ist_minutes
from dexter.features.momentum import Held
from dexter.features.stories import Stories

_APART = 1 << 32
"""More minutes than there will be: keeps company and minute apart in one key."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything features are made from; what lies after a moment does no harm.

    ``bars``, ``figures`` and ``stories`` number companies alike. ``figures`` are of one
    basis. ``indices`` go by name (``NIFTY_SMALLCAP_100``, ``INDIA_VIX``). ``held`` is
    what was folded of bars before these.
    """

    bars: Bars
    indices: Mapping[str, Series]
    market: MarketDays | None
    figures: Figures
    stories: Stories
    held: Held | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Events as columns of equal length: whose results, when, of which quarter.

    ``company`` is its number in the sources, ``moment`` and ``quarter`` as in
    ``moments``.
    """

    company: Whole
    moment: Whole
    quarter: Whole

    def __len__(self) -> int:
        """Number of events."""
        return len(self.moment)


@dataclass(frozen=True, slots=True)
class Known:
    """The sources as each event could see them.

    Rows ``first[i]`` to ``end[i] - 1`` of ``bars`` were known strictly before event
    ``i``; the two are equal where there is none, and ``no_bars`` says why. ``day`` and
    ``minute`` are the moment on the Indian calendar and clock.
    """

    asked: Asked
    sources: Sources
    day: Whole
    minute: Whole
    first: Whole
    end: Whole
    no_bars: tuple[tuple[Mask, str], ...]
    quarters: Quarters

    def __len__(self) -> int:
        """Number of events."""
        return len(self.asked)

    @property
    def bars(self) -> Bars:
        """All bars; only an event's own rows may be read."""
        return self.sources.bars

    @property
    def sessions(self) -> Whole:
        """How many bars each event has."""
        return self.end - self.first

    @property
    def last(self) -> Whole:
        """The row of each event's last bar; any row where it has none."""
        return np.clip(self.end - 1, 0, max(0, len(self.bars) - 1))

    def fewer_than(self, sessions: int) -> tuple[tuple[Mask, str], ...]:
        """The absence of a feature that needs so many bars."""
        few = self.sessions < sessions
        return (*self.no_bars, (few, f"fewer than {sessions} sessions of prices"))


def see(sources: Sources, asked: Asked) -> Known:
    """Cut the sources to what each event could see."""
    day = ist_days(asked.moment)
    first, end = windows(sources.bars, asked)
    last = sources.bars.day[np.maximum(end - 1, 0)] if len(sources.bars) else day
    stale = (end > first) & (day - last > STALE_DAYS)
    empty = end == first
    return Known(
        asked=asked,
        sources=sources,
        day=day,
        minute=ist_minutes(asked.moment),
        first=first,
        end=np.where(stale, first, end),
        no_bars=(
            (stale, f"the last bar is over {STALE_DAYS} days old"),
            (empty, "no bar before publication"),
        ),
        quarters=gather(sources.figures, asked.company, asked.quarter, asked.moment),
    )


def windows(bars: Bars, asked: Asked) -> tuple[Whole, Whole]:
    """First row and row after the last of the bars known before each moment."""
    first = bars.starts[asked.company]
    owner = np.repeat(np.arange(bars.companies), np.diff(bars.starts))
    # Bars become known at whole minutes, so an event's fraction of one is rounded up.
    keys = owner * _APART + bars.known_at // MINUTE
    wanted = asked.company * _APART - (-asked.moment // MINUTE)
    return first, np.searchsorted(keys, wanted, side="left").astype(np.int64)
