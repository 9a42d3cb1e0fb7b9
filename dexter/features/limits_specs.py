"""Declarations of price limits, part of the category ``liquidity``."""

from functools import partial

from dexter.domain.evidence import Measure
from dexter.features.priced import priced
from dexter.features.spec import Category
from dexter.features.steps import OWN_BASE

MEMORY = 250
"""Sessions after which evidence of a band is forgotten."""

SIDES = {"upper": (20, 60, 250), "lower": (20, 60)}
"""Over how many sessions touches of a limit are counted."""

_of = partial(priced, Category.LIQUIDITY)
_RISES, _FALLS = ("high", "base"), ("low", "base")
_BAND = ("price_band", "band", "high", "low", "close", "base", "no_band")
FUTURES = "futures trade: no fixed band"
STILL = "nothing moved"
_RULE = (
    "price_band[t] where told; else over the last 250 sessions: 20 %, then the band of "
    "each close at its upper or lower limit, then a wider one (5, 10, 20 %) after a "
    "rise or fall of more than a step and over 1.005 times it + 0.15 %, sessions with "
    "futures left out; " + OWN_BASE
)

FEATURES = (
    _of(
        "band_in_force",
        Measure.FRACTION,
        "Price band in force, told or inferred",
        _RULE,
        20,
        _BAND,
        absent=FUTURES,
    ),
    _of(
        "band_age",
        Measure.SESSIONS,
        "Sessions since anything spoke for the band in force",
        f"sessions since the last such evidence, at most {MEMORY}",
        20,
        _BAND,
        absent=FUTURES,
    ),
    *(
        _of(
            f"band_to_volatility_{n}",
            Measure.RATIO,
            f"Price band over the daily volatility of {n} sessions",
            f"band_in_force / volatility_{n}",
            n + 1,
            _BAND,
            absent=f"{FUTURES}; {STILL}",
        )
        for n in (20, 60)
    ),
    _of(
        "band_room_60",
        Measure.FRACTION,
        "Price band minus the highest rise within a day of 60 sessions",
        "band_in_force - highest_rise_60",
        60,
        _BAND,
        absent=FUTURES,
    ),
    _of(
        "sessions_since_limit",
        Measure.SESSIONS,
        "Sessions since the last close at either limit",
        f"sessions since the last such close, {MEMORY} where there was none since",
        20,
        _BAND,
    ),
    _of(
        "sessions_since_lower_band",
        Measure.SESSIONS,
        "Sessions since the last lower-band close",
        f"sessions since the last such close, {MEMORY} where there was none since",
        20,
        ("low", "close", "base"),
    ),
    _of(
        "largest_move_since_limit",
        Measure.FRACTION,
        "Largest rise or fall within a day since the last close at a limit",
        f"max(high / base - 1, 1 - low / base) since then, over {MEMORY} at most; "
        + OWN_BASE,
        20,
        ("high", "low", "base"),
    ),
    *(
        _of(
            f"{side}_touches_{n}",
            Measure.COUNT,
            f"Sessions of {n} that touched their {side} limit, inferred",
            f"count of {price} within one step inside base × (1 {sign} b), b of 5, 10, "
            f"20 %, over {n}",
            n,
            (price, "base", "no_band"),
            absent="in over half of the sessions a price step is over 1 % of the base",
        )
        for side, price, sign in (("upper", "high", "+"), ("lower", "low", "-"))
        for n in SIDES[side]
    ),
    *(
        _of(
            f"highest_rise_{n}",
            Measure.FRACTION,
            f"Highest rise within a day, {n} sessions",
            f"max(high / base - 1, {n}); {OWN_BASE}",
            n,
            _RISES,
        )
        for n in (5, 60)
    ),
    *(
        _of(
            f"deepest_fall_{n}",
            Measure.FRACTION,
            f"Deepest fall within a day, {n} sessions",
            f"max(1 - low / base, {n}); {OWN_BASE}",
            n,
            _FALLS,
        )
        for n in (5, 60)
    ),
    _of(
        "daily_range_5",
        Measure.FRACTION,
        "Mean range of a day over its base, 5 sessions",
        f"mean((high - low) / base, 5); {OWN_BASE}",
        5,
        ("high", "low", "base"),
    ),
    _of(
        "wide_days_60",
        Measure.FRACTION,
        "Share of 60 sessions that went 4.5 % up or down",
        f"mean(max(high / base - 1, 1 - low / base) > 0.045, 60); {OWN_BASE}",
        60,
        ("high", "low", "base"),
    ),
)
