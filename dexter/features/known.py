"""What was visible at the moments asked for: every cut is made here, once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import TypeVar, cast

import numpy as np

from dexter.features.bars import STALE_DAYS, Bars, Series
from dexter.features.columns import Mask, Whole
from dexter.features.figures import Figures, Quarters, gather
from dexter.features.market_days import MarketDays
from dexter.features.moments import ist_days, ist_minutes
from dexter.features.momentum import Held
from dexter.features.stories import Stories

Found = TypeVar("Found")


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


@dataclass(frozen=True)
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
    _kept: dict[object, object] = field(default_factory=dict, init=False, repr=False)

    def __len__(self) -> int:
        """Number of events."""
        return len(self.asked)

    def once(self, key: object, find: Callable[[], Found]) -> Found:
        """What ``find`` gives, found at the first time of asking for a key."""
        if key not in self._kept:
            self._kept[key] = find()
        return cast("Found", self._kept[key])

    @property
    def bars(self) -> Bars:
        """All bars; only an event's own rows may be read."""
        return self.sources.bars

    @cached_property
    def sessions(self) -> Whole:
        """How many bars each event has."""
        return self.end - self.first

    @cached_property
    def last(self) -> Whole:
        """The row of each event's last bar; any row where it has none."""
        return np.clip(self.end - 1, 0, max(0, len(self.bars) - 1))

    def fewer_than(self, sessions: int) -> tuple[tuple[Mask, str], ...]:
        """The absence of a feature that needs so many bars."""
        return self.once(sessions, lambda: self._fewer_than(sessions))

    def _fewer_than(self, sessions: int) -> tuple[tuple[Mask, str], ...]:
        few = self.sessions < sessions
        return (*self.no_bars, (few, f"fewer than {sessions} sessions of prices"))


def once(find: Callable[[Known], Found]) -> Callable[[Known], Found]:
    """Several features ask the same of what was visible; it is found once."""

    @wraps(find)
    def kept(known: Known) -> Found:
        return known.once(find, lambda: find(known))

    return kept


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
    end = bars.row_from(bars.known_at, asked.company, asked.moment)
    return bars.starts[asked.company], end
