"""Category ``liquidity``, price limits: the band in force, and how near moves came.

Nobody told the band of most past sessions, so it is inferred from the last 250: a close
at a limit, upper or lower, shows its band; a move beyond the band thought in force
shows a wider one; where nothing speaks for a narrower one it is 20 %.
"""

import numpy as np

from dexter.features.bars import Bars
from dexter.features.columns import Array, Column, Whole, ratio
from dexter.features.compiled import kernel
from dexter.features.known import Known
from dexter.features.limits_specs import FEATURES, FUTURES, MEMORY, SIDES, STILL
from dexter.features.priced import Absences, columns
from dexter.features.steps import CHEAP, Bases
from dexter.features.windows import View

WIDEST = 20.0
BANDS = (2.0, 5.0, 10.0, 20.0)
TOUCHED = BANDS[1:]
"""A day's high or low 2 % away is mostly chance."""

_SLACK = 1.005
_MARGIN = 0.15
_WIDE = 0.045
_FLOAT = 1e-9
_ROUNDING = 1e-12

SPECS = tuple(one.spec for one in FEATURES)


def compute(known: Known) -> dict[str, Column]:
    """Every feature of price limits of every row, or why it is absent."""
    view = View.of(known)
    bars = view.bars
    futures = ((view.back(bars.no_band) == 1, FUTURES),)
    absent: dict[str, Absences] = dict.fromkeys(
        ("band_in_force", "band_age", "band_room_60"), futures
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        own = np.where(np.isfinite(bars.move), bars.base, np.nan)
        rise = bars.high / bars.factor / own - 1
        fall = 1 - bars.low / bars.factor / own
        values = _limits(view, np.maximum(rise, fall)) | _reaches(view, rise, fall)
        steps = view.steps
    for n in (20, 60):
        spread = view.deviation(steps, n)
        name = f"band_to_volatility_{n}"
        values[name] = ratio(values["band_in_force"], spread)
        absent[name] = (*futures, (spread <= _ROUNDING, STILL))
    values["band_room_60"] = values["band_in_force"] - values["highest_rise_60"]
    touched, cheap = _touched(view)
    return columns(known, FEATURES, values | touched, absent | cheap)


def _limits(view: View, move: Array) -> dict[str, Array]:
    bars = view.bars
    step = view.bases.step * (1 + _FLOAT)
    # One step is within every band, and without a band nothing is beyond it.
    says = ~(bars.no_band > 0) & (move * bars.base > step)
    found = _in_force(
        np.ascontiguousarray(bars.band),
        lower_band(bars, view.bases),
        move,
        np.where(says, 100 * move, np.nan),
        np.maximum(view.first, view.end - MEMORY),
        view.end,
    )
    told = view.back(bars.price_band)
    known = np.isfinite(told)
    return {
        "band_in_force": np.where(known, told, found[:, 0]) / 100,
        "band_age": np.where(known, 0.0, found[:, 1]),
        "sessions_since_limit": found[:, 2],
        "sessions_since_lower_band": found[:, 3],
        "largest_move_since_limit": found[:, 4],
    }


def _reaches(view: View, rise: Array, fall: Array) -> dict[str, Array]:
    furthest = np.maximum(rise, fall)
    wide = np.where(np.isfinite(furthest), furthest > _WIDE * (1 + _FLOAT), np.nan)
    return {
        **{f"highest_rise_{n}": view.highest(rise, n) for n in (5, 60)},
        **{f"deepest_fall_{n}": view.highest(fall, n) for n in (5, 60)},
        "daily_range_5": view.mean(rise + fall, 5),
        "wide_days_60": view.mean(wide, 60),
    }


def _touched(view: View) -> tuple[dict[str, Array], dict[str, Absences]]:
    values: dict[str, Array] = {}
    absent: dict[str, Absences] = {}
    for side, hits in zip(SIDES, touches(view.bars, view.bases), strict=True):
        for n in SIDES[side]:
            told = view.told(hits, n)
            values[f"{side}_touches_{n}"] = np.rint(view.mean(hits, n) * told)
            absent[f"{side}_touches_{n}"] = ((2 * told < n, CHEAP),)
    return values, absent


def lower_band(bars: Bars, bases: Bases) -> Array:
    """The per cent at whose lower limit each session seems to have closed; 0: none.

    The close is the session's low, below the base, and no more than one step above
    ``base × (1 - band)`` of a standard band; the widest such band.
    """
    raw = bars.raw_close
    found = np.zeros(len(bars))
    low = (bars.close <= bars.low * (1 + _FLOAT)) & (raw < bars.base)
    for band in BANDS:
        found = np.where(low & bases.reached(raw, -band), band, found)
    return np.where(bars.no_band > 0, 0.0, found)


def touches(bars: Bars, bases: Bases) -> tuple[Array, Array]:
    """1.0 where a session's high (low) stood at its upper (lower) limit, inferred.

    NaN where a step is too large to tell, or the base is not known.
    """
    free = bars.no_band > 0
    up = down = np.where(free | bases.telling(TOUCHED[0]), 0.0, np.nan)
    high, low = bars.high / bars.factor, bars.low / bars.factor
    for band in TOUCHED:
        up = np.where(~free & bases.reached(high, band), 1.0, up)
        down = np.where(~free & bases.reached(low, -band), 1.0, down)
    return up, down


@kernel
def _wider(move: float) -> float:
    """The narrowest band wider than 2 % that a move in per cent stays within."""
    for band in (5.0, 10.0):
        if move <= band * _SLACK + _MARGIN:
            return band
    return 20.0


@kernel
def _in_force(
    upper: Array, lower: Array, move: Array, says: Array, start: Whole, end: Whole
) -> Array:
    """Band, its age, sessions since a limit and a lower one, largest move since.

    ``says`` is the move in per cent where it may speak for a wider band, else NaN.
    """
    found = np.empty((len(start), 5))
    for row in range(len(start)):
        band, age, limit, low, since = WIDEST, MEMORY, MEMORY, MEMORY, np.nan
        for at in range(start[row], end[row]):
            age, limit, low = age + 1, limit + 1, low + 1
            hit = upper[at] if upper[at] > 0 else lower[at]
            if hit > 0:
                band, age, limit, since = hit, 0, 0, 0.0
            else:
                if np.isnan(since) or move[at] > since:
                    since = move[at]
                if says[at] > band * _SLACK + _MARGIN:
                    band, age = _wider(says[at]), 0
            if lower[at] > 0:
                low = 0
        found[row, 0] = band
        found[row, 1] = min(age, MEMORY)
        found[row, 2] = min(limit, MEMORY)
        found[row, 3] = min(low, MEMORY)
        found[row, 4] = since
    return found
