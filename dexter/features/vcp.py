"""The volatility contraction pattern, described as of the last close before an event.

A descriptive feature, not an edge. Rules: a base is a run of ever smaller falls from
nearly level highs, in a rising trend, on drying volume. Source: M. Minervini's trend
template and VCP as restated in public trading literature; relative strength needs a
cross-section of companies and is left out, so the template has six points here.
"""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import numpy as np

from dexter.domain.alert import VolatilityContraction
from dexter.features.bars import Array, Bars
from dexter.features.swings import Swing, zigzag

LOOK_BACK = 120
NEEDED_BARS = 252
STARTS = 3
FEWEST, MOST = 2, 6
FIRST_DEPTH = (0.08, 0.35)
SHRINK = 0.75
LEVEL_HIGHS = 0.05
SHORTEST = 5
BASE_SESSIONS = (15, 325)
LOOSE_DEPTH = 0.15
TEMPLATE_NEEDED = 5
DRY_UP = 0.70
_RECENT, _MEAN = 10, 50
_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Contraction:
    """One fall of a base, from a confirmed high to the confirmed low after it."""

    high: Swing
    low: Swing

    @property
    def depth(self) -> float:
        """(high - low) / high, per one."""
        return (self.high.price - self.low.price) / self.high.price

    @property
    def sessions(self) -> int:
        """Bars from the high to the low."""
        return self.low.at - self.high.at


def contraction_pattern(bars: Bars | str) -> VolatilityContraction | str:
    """Describe the base at the last bar, or say why it cannot be described.

    Args:
        bars: From ``visible_bars``: what was known before the event, or the reason
            there is nothing.

    Returns:
        The pattern, ``passed`` when contractions, template and dry-up all hold;
        otherwise a reason: too little history, or no base at all.
    """
    if isinstance(bars, str):
        return bars
    if len(bars) < NEEDED_BARS:
        return f"needs {NEEDED_BARS} sessions, {len(bars)} are known"
    base = find_base(bars)
    if not base:
        return f"no contraction among the last {LOOK_BACK} sessions"
    template = trend_template(bars)
    dry_up = volume_dry_up(bars.volume)
    held = sum(template.values())
    return VolatilityContraction(
        passed=is_contracting(base)
        and held >= TEMPLATE_NEEDED
        and dry_up is not None
        and dry_up < DRY_UP,
        contractions=len(base),
        depths=tuple(_decimal(c.depth) for c in base),
        template_passed=held,
        template_total=len(template),
        volume_dry_up=None if dry_up is None else _decimal(dry_up),
        pivot=_decimal(base[-1].high.price),
        evidence=(),
    )


def find_base(bars: Bars) -> tuple[Contraction, ...]:
    """The longest run of shrinking contractions from one of the three highest highs."""
    first = len(bars) - LOOK_BACK
    swings = [swing for swing in zigzag(bars) if swing.at >= first]
    falls = [
        Contraction(high, low)
        for high, low in pairwise(swings)
        if high.is_high and low.at - high.at >= SHORTEST
    ]
    starts = sorted(falls, key=lambda fall: -fall.high.price)[:STARTS]
    runs = [_run([f for f in falls if f.high.at >= s.high.at]) for s in starts]
    return max(runs, key=lambda run: (is_contracting(run), len(run)), default=())


def _run(falls: list[Contraction]) -> tuple[Contraction, ...]:
    """The falls that shrink one after another, from the first on."""
    run = falls[:1]
    for fall in falls[1:MOST]:
        level = abs(fall.high.price / run[-1].high.price - 1) <= LEVEL_HIGHS
        if not level or fall.depth > SHRINK * run[-1].depth:
            break
        run.append(fall)
    return tuple(run)


def is_contracting(base: tuple[Contraction, ...]) -> bool:
    """Whether a run of falls has the shape: number, first depth, length, tight end."""
    if not FEWEST <= len(base) <= MOST:
        return False
    length = base[-1].low.confirmed_at - base[0].high.at
    return (
        FIRST_DEPTH[0] <= base[0].depth <= FIRST_DEPTH[1]
        and BASE_SESSIONS[0] <= length <= BASE_SESSIONS[1]
        and base[-1].depth <= LOOSE_DEPTH
    )


def trend_template(bars: Bars) -> dict[str, bool]:
    """Six points of the trend template at the last bar (relative strength left out)."""
    close = bars.close
    last = close[-1]
    sma_50, sma_150, sma_200 = (float(close[-n:].mean()) for n in (50, 150, 200))
    high, low = bars.high[-NEEDED_BARS:].max(), bars.low[-NEEDED_BARS:].min()
    return {
        "close above 150- and 200-session means": bool(last > max(sma_150, sma_200)),
        "150-session mean above 200-session mean": sma_150 > sma_200,
        "200-session mean rising for 22 sessions": _rising(close),
        "close above 50-session mean": bool(last > sma_50),
        "at least 25 % above the 52-week low": bool(last >= 1.25 * low),
        "within 25 % of the 52-week high": bool(last >= 0.75 * high),
    }


def _rising(close: Array, period: int = 200, sessions: int = 22) -> bool:
    return bool(close[-period:].mean() > close[-period - sessions : -sessions].mean())


def volume_dry_up(volume: Array) -> float | None:
    """Mean volume of the last 10 bars over the mean of the last 50."""
    mean = float(volume[-_MEAN:].mean())
    return (
        float(volume[-_RECENT:].mean()) / mean if np.isfinite(mean) and mean else None
    )


def _decimal(value: float) -> Decimal:
    return Decimal(str(value)).quantize(_PLACES)
