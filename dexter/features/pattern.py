"""Category ``pattern``: past upper-band closes, the base, and its quiet."""

import numpy as np

from dexter.features.breadth import SPREAD
from dexter.features.columns import Array, Column, ratio
from dexter.features.contraction import BROKEN, NO_BASE, Patterns, patterns
from dexter.features.known import Known
from dexter.features.pattern_specs import BAND_SESSIONS, FEATURES, MOVE_SESSIONS
from dexter.features.priced import Absences, columns
from dexter.features.steps import CHEAP
from dexter.features.template import YEAR
from dexter.features.windows import View, true_range

SPECS = tuple(one.spec for one in FEATURES)

BAND_HISTORY = ("upper_band_closes_60", "upper_band_closes_250", "largest_move_60")
"""What says how often, and within which band, a share locks at all."""

_BAND_MEMORY = 250
_ANY_BAND = 5.0
_STILL = "nothing moved in 50 sessions"
_UNTRADED = "nothing was traded"


def compute(known: Known) -> dict[str, Column]:
    """Every pattern feature of every row, or why it is absent."""
    view = View.of(known)
    with np.errstate(divide="ignore", invalid="ignore"):
        bands, banned = _bands(view)
        quiet, still = _base(view)
        base, none = _contractions(patterns(known, view))
    values = {**bands, **quiet, **base}
    return columns(known, FEATURES, values, {**banned, **still, **none})


def _bands(view: View) -> tuple[dict[str, Array], dict[str, Absences]]:
    bars = view.bars
    tells = view.bases.telling(_ANY_BAND)
    hit = np.where(tells & np.isfinite(bars.band), bars.band > 0, np.nan)
    move = np.abs(bars.move)
    last = view.last_of(bars.band > 0)
    values = {
        "has_fixed_band": 1 - view.back(bars.no_band),
        "sessions_since_upper_band": (view.end - 1 - last).astype(np.float64),
    }
    absent: dict[str, Absences] = {
        "sessions_since_upper_band": (
            (
                (last < 0) | (view.end - 1 - last >= _BAND_MEMORY),
                f"no upper-band close in {_BAND_MEMORY} sessions",
            ),
        )
    }
    for n in BAND_SESSIONS:
        name = f"upper_band_closes_{n}"
        told = view.told(hit, n)
        values[name] = np.rint(view.mean(hit, n) * told)
        absent[name] = ((2 * told < n, CHEAP),)
    for n in MOVE_SESSIONS:
        values[f"largest_move_{n}"] = view.highest(move, n)
    return values, absent


def _base(view: View) -> tuple[dict[str, Array], dict[str, Absences]]:
    bars = view.bars
    close = view.back(bars.close)
    ranges = true_range(bars)
    spread = view.highest(bars.close, 10) - view.lowest(bars.close, 10)
    values = {
        "distance_to_high_252": close / view.highest(bars.high, YEAR) - 1,
        "distance_to_low_252": close / view.lowest(bars.low, YEAR) - 1,
        "base_tightness": ratio(view.mean(ranges, 10), view.mean(ranges, 50)),
        "close_range_10": spread / close,
    }
    still = np.isnan(values["base_tightness"])
    return values, {"base_tightness": ((still, _STILL),)}


def _contractions(found: Patterns) -> tuple[dict[str, Array], dict[str, Absences]]:
    none = found.contractions == 0
    total = found.template_total.astype(np.float64)
    values = {
        "vcp_contractions": found.contractions.astype(np.float64),
        "vcp_first_depth": found.depths[:, 0],
        "vcp_last_depth": found.last_depth,
        "vcp_base_sessions": found.sessions,
        "vcp_pivot": found.pivot,
        "pivot_distance": found.pivot_distance,
        "vcp_risk": found.risk,
        "vcp_breakout": found.breakout,
        "vcp_score": found.score,
        "vcp_passed": found.passed.astype(np.float64),
        "vcp_template_passed": found.template_passed,
        "vcp_template_share": ratio(found.template_passed, total),
        "volume_dry_up": found.dry_up,
        "strength_raw": found.strength,
    }
    based = (
        *("vcp_first_depth", "vcp_last_depth", "vcp_base_sessions", "vcp_pivot"),
        *("pivot_distance", "vcp_risk", "vcp_breakout", "vcp_score"),
    )
    absent: dict[str, Absences] = dict.fromkeys(based, ((none, NO_BASE),))
    idle = np.isnan(found.dry_up)
    absent["strength_raw"] = ((np.isnan(found.strength), SPREAD),)
    absent["vcp_risk"] = ((none, NO_BASE), (np.isnan(found.risk), BROKEN))
    absent["volume_dry_up"] = ((idle, _UNTRADED),)
    absent["vcp_breakout"] = ((none, NO_BASE), (idle, _UNTRADED))
    return values, absent
