"""Category ``sentiment``: what was announced, how much of it, and in what tone."""

from collections.abc import Iterable

import numpy as np

from dexter.features.columns import Array, Column, Mask, Whole
from dexter.features.compiled import kernel
from dexter.features.known import Known
from dexter.features.moments import DAY, IST_AHEAD, MINUTE, NEVER
from dexter.features.sentiment_specs import (
    GAP,
    NO_STORY,
    NOT_KEPT,
    NOT_READ,
    NOT_SO_FAR,
    NOTHING,
    QUIET_DAYS,
    SOCIAL_OFF,
    SPECS,
)
from dexter.features.stories import Spoken
from dexter.features.story_kinds import PAYOUTS, RATINGS, Kind

__all__ = ["SPECS", "compute"]

_HOUR = 60 * MINUTE
_LONG = 180


def compute(known: Known) -> dict[str, Column]:
    """Every feature of the category."""
    if not len(known.sources.stories) and _from(known) == NEVER:
        nothing = Column.nothing(len(known), NOT_KEPT)
        off = Column.nothing(len(known), SOCIAL_OFF)
        return {s.name: nothing for s in SPECS} | {"social_buzz_7": off}
    spans = _Spans(known)
    return _counts(spans) | _tones(spans) | _others(known, spans)


class _Spans:
    """The stories of each event's company in the days before it.

    ``stories`` are only the rows between the first and the last that any event sees.
    """

    def __init__(self, known: Known) -> None:
        self._known, self._all = known, known.sources.stories
        end = self._ends(0)
        self._first = int(self._ends(_LONG).min(initial=len(self._all)))
        self.stories = self._all.between(self._first, int(end.max(initial=0)))
        self.end = end - self._first
        self._begun = _from(known)
        self._starts: dict[int, Whole] = {}
        self._far: dict[int, tuple[Mask, str]] = {}
        self._gap = known.asked.moment - _last_of_all(known) > QUIET_DAYS * DAY

    def start(self, days: int) -> Whole:
        """First row of a span of so many days up to each moment."""
        found = self._starts.get(days)
        if found is None:
            found = self._starts[days] = self._ends(days) - self._first
        return found

    def since(self, moment: Whole) -> Whole:
        """First row from each moment on."""
        return self._all.ends(self._known.asked.company, moment) - self._first

    def total(self, values: Array, days: int, until: int = 0) -> Array:
        """Sum of a column from some days before to others."""
        end = self.start(until) if until else self.end
        summed: Array = _summed(values, self.start(days), end)
        return summed

    def mean(self, values: Array, days: int, until: int = 0) -> Array:
        """Mean of a column's known values; NaN without any."""
        there = np.isfinite(values)
        counted = self.total(there.astype(np.float64), days, until)
        with np.errstate(invalid="ignore"):
            mean: Array = (
                self.total(np.where(there, values, 0.0), days, until) / counted
            )
        return mean

    def column(self, values: Array, days: int, *absent: tuple[Mask, str]) -> Column:
        """A feature of a span, absent where the span is not covered."""
        far = self._far.get(days)
        if far is None:
            begins = self._known.asked.moment - days * DAY
            far = self._far[days] = (begins < self._begun, NOT_SO_FAR)
        return Column.of(values, far, (self._gap, GAP), *absent)

    def count(self, which: Mask, days: int) -> Column:
        """How many of some stories there were."""
        return self.column(self.total(which.astype(np.float64), days), days)

    def of_kind(self, days: int, *kinds: Kind) -> Column:
        """How many stories of some kinds there were."""
        return self.count(_of_kinds(self.stories, kinds), days)

    def average(self, values: Array, days: int, none: str = NO_STORY) -> Column:
        """A mean over the stories of a span that have the quantity."""
        mean = self.mean(values, days)
        return self.column(mean, days, (np.isnan(mean), none))

    def heard(self, days: int) -> Column:
        """Mean of the tones that models had given by each event's own moment."""
        told, moment = self.stories, self._known.asked.moment
        mean: Array = _heard(
            told.model_tone, told.read_at, moment, self.start(days), self.end
        )
        return self.column(mean, days, (np.isnan(mean), NOT_READ))

    def _ends(self, days: int) -> Whole:
        asked = self._known.asked
        return self._all.ends(asked.company, asked.moment - days * DAY)


@kernel
def _summed(values: Array, start: Whole, end: Whole) -> Array:
    """Sum of the values of each window, added up in it alone."""
    found = np.zeros(len(start))
    for row in range(len(start)):
        total = 0.0
        for place in range(start[row], end[row]):
            total += values[place]
        found[row] = total
    return found


@kernel
def _heard(
    values: Array, since: Whole, moment: Whole, start: Whole, end: Whole
) -> Array:
    """Mean of each window's values that are known by its moment; NaN without any."""
    found = np.full(len(start), np.nan)
    for row in range(len(start)):
        total, count = 0.0, 0
        for place in range(start[row], end[row]):
            if since[place] <= moment[row] and not np.isnan(values[place]):
                total += values[place]
                count += 1
        if count:
            found[row] = total / count
    return found


def _of_kinds(stories: Spoken, kinds: Iterable[Kind]) -> Mask:
    """Which stories are of one of some kinds."""
    wanted = np.zeros(len(Kind), dtype=np.bool_)
    wanted[list(kinds)] = True
    return wanted[stories.kind]


def _counts(spans: _Spans) -> dict[str, Column]:
    every = np.ones(len(spans.stories), dtype=np.bool_)
    month, long = (spans.total(every.astype(np.float64), d) for d in (30, _LONG))
    with np.errstate(divide="ignore", invalid="ignore"):
        surge = (month / 30) / (long / _LONG)
    return {
        "announcements_5": spans.count(every, 5),
        "announcements_30": spans.count(every, 30),
        "announcements_surge": spans.column(surge, _LONG, (long == 0, NOTHING)),
        "orders_90": spans.of_kind(90, Kind.ORDER),
        "payouts_30": spans.of_kind(30, *PAYOUTS),
        "price_clarifications_90": spans.of_kind(90, Kind.PRICE_MOVEMENT),
        "rating_actions_180": spans.of_kind(_LONG, *RATINGS),
        "meets_30": spans.of_kind(30, Kind.MEET),
        "press_releases_30": spans.of_kind(30, Kind.PRESS_RELEASE),
    }


def _tones(spans: _Spans) -> dict[str, Column]:
    tone = spans.stories.tone
    change = spans.mean(tone, 30) - spans.mean(tone, 120, 30)
    return {
        "headline_tone_30": spans.average(tone, 30),
        "headline_tone_90": spans.average(tone, 90),
        "tone_change": spans.column(change, 120, (np.isnan(change), NO_STORY)),
        "negative_share_90": spans.average((tone < 0).astype(np.float64), 90),
        "positive_share_30": spans.average((tone > 0).astype(np.float64), 30),
        "news_novelty_30": spans.average(spans.stories.novelty, 30),
        "model_tone_30": spans.heard(30),
    }


def _others(known: Known, spans: _Spans) -> dict[str, Column]:
    stories, moment = spans.stories, known.asked.moment
    payout = _of_kinds(stories, PAYOUTS).astype(np.float64)
    today = spans.since(known.day * DAY - IST_AHEAD)
    with_results = _summed(payout, today, spans.end) > 0
    last = np.maximum(spans.end - 1, 0)
    since = np.full(len(known), np.nan)
    recent = spans.end > spans.start(_LONG)
    since[recent] = (moment[recent] - stories.known_at[last[recent]]) / _HOUR
    return {
        "payout_with_results": spans.column(with_results.astype(float), 1),
        "hours_since_last_story": spans.column(since, _LONG, (~recent, NOTHING)),
        "social_buzz_7": _social(known, spans.total(stories.social, 7)),
    }


def _social(known: Known, counted: Array) -> Column:
    stories, market = known.sources.stories, known.sources.market
    begun = stories.social_from if market is None else market.social_from
    early = known.asked.moment - 7 * DAY < begun
    return Column.of(counted, (early, SOCIAL_OFF))


def _from(known: Known) -> int:
    """Since when headlines of any company are kept."""
    market = known.sources.market
    begun = known.sources.stories.from_moment
    return begun if market is None else min(begun, market.stories_from)


def _last_of_all(known: Known) -> Whole:
    """When the last headline of any company came out before each moment."""
    moments, moment = known.sources.stories.moments, known.asked.moment
    last = np.full(len(known), np.iinfo(np.int64).min // 2)
    if len(moments):
        place = np.searchsorted(moments, moment, side="left")
        last = np.where(place > 0, moments[np.maximum(place - 1, 0)], last)
    market = known.sources.market
    if market is not None and market.stories_until != NEVER:
        told = market.stories_until
        last = np.maximum(last, np.where(told < moment, told, last))
    return last
