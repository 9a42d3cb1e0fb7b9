"""Declarations of the category ``pattern``."""

from functools import partial

from dexter.domain.evidence import Measure
from dexter.features.bars import STALE_DAYS
from dexter.features.breadth import SPREAD
from dexter.features.contraction import (
    BREAKOUT_VOLUME,
    BROKEN,
    DRY_UP,
    EXTENDED,
    NO_BASE,
    WEIGHTS,
)
from dexter.features.priced import priced
from dexter.features.spec import Category
from dexter.features.steps import OWN_BASE
from dexter.features.swings import LOOK_BACK, MOST, SHORTEST, SHRINK

BAND_SESSIONS = (5, 20, 60, 250)
MOVE_SESSIONS = (20, 60)

_of = partial(priced, Category.PATTERN)
_shown = partial(_of, model_input=False)

_RANGE = ("high", "low", "close")
_YEAR = 252
_SOURCE = "M. Minervini, volatility contraction pattern"
_RUN = (
    f"turns of the last {LOOK_BACK} sessions, but after the last pause of over "
    f"{STALE_DAYS} days and the last session wholly over 20 % and a step from its base "
    "without futures, by a zig-zag of 1.5 ATR14, each from its "
    "confirmation on (fewer than two: by a window of 5 bars on either side); falls of "
    f"{SHORTEST} sessions or more; from the three highest highs the best run of at "
    f"most {MOST}, each at most {SHRINK} of the one before, highs within 5 %"
)

BANDS = (
    *(
        _of(
            f"upper_band_closes_{n}",
            Measure.COUNT,
            f"Upper-band closes, {n} sessions",
            f"sum(band > 0, {n})",
            n,
            ("band", "base"),
            absent="in over half of the sessions a price step is over 1 % of the base",
        )
        for n in BAND_SESSIONS
    ),
    _of(
        "sessions_since_upper_band",
        Measure.SESSIONS,
        "Sessions since the last upper-band close",
        "t - the last session with band > 0",
        1,
        ("band",),
        absent="none within 250 sessions",
    ),
    *(
        _of(
            f"largest_move_{n}",
            Measure.FRACTION,
            f"Largest daily move either way, {n} sessions",
            f"max(|close / base - 1|, {n}); {OWN_BASE}",
            n,
            ("high", "low", "close", "base", "no_band"),
        )
        for n in MOVE_SESSIONS
    ),
    _shown(
        "has_fixed_band",
        Measure.COUNT,
        "0 when futures trade: then there is no fixed band and no probability",
        "1 - no_band[t]",
        1,
        ("no_band",),
    ),
)

BASE = (
    _of(
        "distance_to_high_252",
        Measure.CHANGE,
        "Close over the 252-session high minus 1",
        "close[t] / max(high, 252) - 1",
        _YEAR,
        ("close", "high"),
    ),
    _of(
        "distance_to_low_252",
        Measure.CHANGE,
        "Close over the 252-session low minus 1",
        "close[t] / min(low, 252) - 1",
        _YEAR,
        ("close", "low"),
    ),
    _of(
        "base_tightness",
        Measure.RATIO,
        "Mean true range, 10 over 50 sessions",
        "mean(true range, 10) / mean(true range, 50)",
        51,
        _RANGE,
        absent="the price stood still",
    ),
    _of(
        "close_range_10",
        Measure.FRACTION,
        "Range of the last 10 closes over the last one",
        "(max(close, 10) - min(close, 10)) / close[t]",
        10,
    ),
    _of(
        "volume_dry_up",
        Measure.RATIO,
        "Mean volume of 10 sessions over that of 50, the last session left out",
        "mean(volume[-1], 10) / mean(volume[-1], 50)",
        51,
        ("volume",),
        absent="nothing was traded",
        source=_SOURCE,
    ),
    _of(
        "strength_raw",
        Measure.CHANGE,
        "Relative strength before it is ranked in the market",
        "0.4 R63 + 0.2 R126 + 0.2 R189 + 0.2 R252, Rn = close[t] / close[t-n] - 1",
        253,
        absent=SPREAD,
    ),
)

_based = partial(_of, absent=NO_BASE, source=_SOURCE)

CONTRACTIONS = (
    _of(
        "vcp_contractions",
        Measure.COUNT,
        "Contractions of the base; 0 where there is none",
        f"length of the run: {_RUN}",
        _YEAR,
        _RANGE,
        source=_SOURCE,
    ),
    _based(
        "vcp_first_depth",
        Measure.FRACTION,
        "Depth of the base's first contraction",
        "(high - low) / high of the first contraction (see vcp_contractions)",
        _YEAR,
        _RANGE,
    ),
    _based(
        "vcp_last_depth",
        Measure.FRACTION,
        "Depth of the base's last contraction",
        "(high - low) / high of the last contraction (see vcp_contractions)",
        _YEAR,
        _RANGE,
    ),
    _based(
        "vcp_base_sessions",
        Measure.SESSIONS,
        "Sessions from the base's first high to its last low's confirmation",
        "confirmation of the last low - first high (see vcp_contractions)",
        _YEAR,
        _RANGE,
    ),
    _based(
        "vcp_pivot",
        Measure.RUPEES_PER_SHARE,
        "High of the base's last contraction",
        "high of the last contraction (see vcp_contractions)",
        _YEAR,
        _RANGE,
        model_input=False,
    ),
    _based(
        "pivot_distance",
        Measure.CHANGE,
        "Close over the pivot minus 1",
        "close[t] / vcp_pivot - 1",
        _YEAR,
        _RANGE,
    ),
    _of(
        "vcp_risk",
        Measure.FRACTION,
        "Fall from the close to the base's last low",
        "1 - low of the last contraction / close[t]",
        _YEAR,
        _RANGE,
        absent=f"{NO_BASE}; {BROKEN}",
        source=_SOURCE,
    ),
    _based(
        "vcp_breakout",
        Measure.COUNT,
        "1 when the last close is above the pivot on heavy volume, else 0",
        f"close[t] > vcp_pivot and volume[t] >= {BREAKOUT_VOLUME} mean(volume[-1], 50)",
        _YEAR,
        (*_RANGE, "volume"),
    ),
    _shown(
        "vcp_template_passed",
        Measure.COUNT,
        "Points of the trend template that hold",
        "close > mean 150 and mean 200; mean 150 > mean 200; mean 200 above its own 22 "
        "sessions before; close > mean 50; close >= 1.25 min(low, 252); close >= 0.75 "
        "max(high, 252); percentile of strength_raw in the market >= 70",
        _YEAR,
        (*_RANGE, "strength"),
        source="M. Minervini, trend template",
    ),
    _of(
        "vcp_template_share",
        Measure.FRACTION,
        "Share of the known points of the trend template that hold",
        "vcp_template_passed / points known (6 where the market's strength is not)",
        _YEAR,
        (*_RANGE, "strength"),
        source="M. Minervini, trend template",
    ),
    _of(
        "vcp_passed",
        Measure.COUNT,
        "1 when the whole pattern stands, else 0",
        "2 to 6 contractions, the first 8–35 % deep (50 % without futures), the last "
        "at most 15 %, base 15–325 sessions; all known points of the template but one; "
        f"volume_dry_up < {DRY_UP}; nothing below the last low since; close at most "
        f"{EXTENDED} above the pivot",
        _YEAR,
        (*_RANGE, "volume", "strength", "no_band"),
        source=_SOURCE,
    ),
    _based(
        "vcp_score",
        Measure.SCORE,
        "How well the pattern stands, 0–100",
        "sum of parts (0 to 1) by weight over the weights of the known parts: "
        + ", ".join(f"{name} {weight}" for name, weight in WEIGHTS.items())
        + "; template: share of points; contraction (0 out of shape or broken): half "
        "by number (2: 0.6, 3–4: 1, 5–6: 0.8), half 1 at a last depth of 10 % to 0 at "
        "15 %; "
        "volume: 1 at a dry-up of 0.3, 0.75 at 0.5, 0.5 at 0.7, 0 at 1; pivot: 0 at "
        "-15 %, 1 from -3 % to 2 %, 0 at 5 %; strength: 0 at percentile 50, 0.6 at 70, "
        "1 at 90; straight lines between",
        _YEAR,
        (*_RANGE, "volume", "strength", "no_band"),
    ),
)

FEATURES = (*BANDS, *BASE, *CONTRACTIONS)
