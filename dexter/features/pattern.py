"""Category ``pattern``: past upper-band closes, the base, and its quiet."""

import numpy as np

from dexter.domain.evidence import Measure
from dexter.features.bars import Bars
from dexter.features.indicators import true_range
from dexter.features.spec import FeatureSpec, Known, Values


def _spec(
    name: str, unit: Measure, about: str, *, model_input: bool = True
) -> FeatureSpec:
    return FeatureSpec(name, unit, "pattern", about, model_input)


SPECS = (
    _spec("upper_band_closes_60", Measure.COUNT, "Upper-band closes, 60 sessions"),
    _spec("upper_band_closes_250", Measure.COUNT, "Upper-band closes, 250 sessions"),
    _spec("largest_move_60", Measure.FRACTION, "Largest daily move either way, 60"),
    _spec(
        "has_fixed_band",
        Measure.COUNT,
        "0 when futures trade: then there is no fixed band and no probability",
        model_input=False,
    ),
    _spec(
        "distance_to_high_252", Measure.CHANGE, "Close over the 252-session high - 1"
    ),
    _spec("distance_to_low_252", Measure.CHANGE, "Close over the 252-session low - 1"),
    _spec("base_tightness", Measure.RATIO, "Mean true range, 10 over 50 sessions"),
    _spec("volume_dry_up", Measure.RATIO, "Mean volume, 10 over 50 sessions"),
)

BAND_HISTORY = ("upper_band_closes_60", "upper_band_closes_250", "largest_move_60")
"""What says how often, and within which band, a share locks at all."""

_SHORT, _LONG = 10, 50
_YEAR = 252
_MOVES = 60


def compute(known: Known) -> Values:
    """Every pattern feature, or why it is null."""
    bars = known.bars
    if bars is None:
        return {spec.name: known.bars_reason for spec in SPECS}
    return {**_bands(bars), **_base(bars)}


def _bands(bars: Bars) -> Values:
    values: Values = {"has_fixed_band": float(not bars.no_band)}
    for sessions in (60, 250):
        values[f"upper_band_closes_{sessions}"] = (
            float(np.count_nonzero(bars.band[-sessions:] > 0))
            if len(bars) >= sessions
            else _short(sessions, bars)
        )
    values["largest_move_60"] = (
        float(np.fmax.reduce(np.abs(bars.move[-_MOVES:])))
        if len(bars) >= _MOVES
        else _short(_MOVES, bars)
    )
    return values


def _base(bars: Bars) -> Values:
    close = float(bars.close[-1])
    values: Values = {}
    if len(bars) < _YEAR:
        year = _short(_YEAR, bars)
        values |= {"distance_to_high_252": year, "distance_to_low_252": year}
    else:
        values["distance_to_high_252"] = close / float(bars.high[-_YEAR:].max()) - 1
        values["distance_to_low_252"] = close / float(bars.low[-_YEAR:].min()) - 1
    if len(bars) <= _LONG:
        few = _short(_LONG + 1, bars)
        return values | {"base_tightness": few, "volume_dry_up": few}
    ranges = true_range(bars.high, bars.low, bars.close)[-_LONG:]
    volume = bars.volume[-_LONG:]
    values["base_tightness"] = _ratio(ranges[-_SHORT:].mean(), ranges.mean())
    values["volume_dry_up"] = _ratio(volume[-_SHORT:].mean(), volume.mean())
    return values


def _ratio(short: np.floating, long: np.floating) -> float | str:
    return float(short / long) if long > 0 else "nothing moved in 50 sessions"


def _short(needed: int, bars: Bars) -> str:
    return f"needs {needed} sessions, {len(bars)} are known"
