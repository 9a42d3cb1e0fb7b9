"""Price features of one history in plain slices, written from their definitions.

Independent of the kernels, and slow. A value is NaN where the feature has none.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from dexter.features.columns import Array

NAN = float("nan")


def average(values: Array, period: int, weight: float) -> list[float]:
    """Recursive average seeded by the mean of its first values."""
    told = [float(value) for value in values]
    if len(told) < period:
        return []
    found = [sum(told[:period]) / period]
    for value in told[period:]:
        found.append(found[-1] * (1 - weight) + value * weight)
    return found


def momentum(high: Array, low: Array, close: Array) -> dict[str, float]:
    """Wilder's indicators and MACD after the last bar."""
    moves = np.diff(close)
    ranges = np.maximum(high[1:], close[:-1]) - np.minimum(low[1:], close[:-1])
    up, down = np.diff(high), -np.diff(low)
    tie = 1e-9 * high[1:]  # equal moves, whatever rounding made of them
    plus = np.where((up > down + tie) & (up > 0), up, 0.0)
    minus = np.where((down > up + tie) & (down > 0), down, 0.0)
    rise, fall, reach, more, less = (
        average(series, 14, 1 / 14)
        for series in (
            np.maximum(moves, 0),
            np.maximum(-moves, 0),
            ranges,
            plus,
            minus,
        )
    )
    index = [
        abs(p - m) / (p + m) if p + m > 0 else 0.0
        for p, m in zip(more, less, strict=True)
    ]
    adx = average(np.array(index), 14, 1 / 14)
    fast, slow = average(close, 12, 2 / 13), average(close, 26, 2 / 27)
    line = [f - s for f, s in zip(fast[14:], slow, strict=True)]
    signal = average(np.array(line), 9, 2 / 10)
    rsi = NAN
    if rise:
        total = rise[-1] + fall[-1]
        rsi = 100 * rise[-1] / total if total > 0 else 50.0
    moved = bool(reach) and reach[-1] > 0
    return {
        "rsi_14": rsi,
        "macd_line": line[-1] if line else NAN,
        "macd_signal": signal[-1] if signal else NAN,
        "macd_histogram": line[-1] - signal[-1] if signal else NAN,
        "macd_to_close": (line[-1] - signal[-1]) / close[-1] if signal else NAN,
        "atr_14": reach[-1] if reach else NAN,
        "atr_to_close": reach[-1] / close[-1] if reach else NAN,
        "adx_14": 100 * adx[-1] if adx else NAN,
        "plus_di_14": 100 * more[-1] / reach[-1] if moved else NAN,
        "minus_di_14": 100 * less[-1] / reach[-1] if moved else NAN,
    }


def path(one: Mapping[str, Array]) -> dict[str, float]:
    """Averages, returns and their spread; prices as adjusted at the last bar."""
    factor = one["factor"][-1]
    opened, high, low, close = (
        one[name] / factor for name in ("open", "high", "low", "close")
    )
    n, last = len(close), close[-1]
    steps = np.diff(np.log(close))
    gaps = opened[1:] / close[:-1] - 1
    found = dict.fromkeys(("bollinger_upper", "bollinger_lower"), NAN)

    def when(sessions: int, value: object) -> float:
        return float(value()) if n >= sessions else NAN  # type: ignore[operator]

    for k in (1, 3, 5, 10, 20, 60, 120, 250):
        found[f"return_{k}"] = when(k + 1, lambda k=k: last / close[-1 - k] - 1)
    for k in (20, 50, 150, 200):
        found[f"close_to_sma_{k}"] = when(k, lambda k=k: last / close[-k:].mean() - 1)
    for k in (20, 60, 250):
        found[f"volatility_{k}"] = when(k + 1, lambda k=k: steps[-k:].std())
    mean, reach = when(20, close[-20:].mean), when(20, lambda: 2 * close[-20:].std())
    sma_50, sma_200 = when(50, close[-50:].mean), when(200, close[-200:].mean)
    flat = n < 20 or not reach > 1e-12 * mean
    still = n < 61 or not found["volatility_60"] > 0
    skew = NAN
    if not still:
        gap = steps[-60:] - steps[-60:].mean()
        skew = float((gap**3).mean() / (gap**2).mean() ** 1.5)
    top, bottom = (high[-14:].max(), low[-14:].min()) if n >= 14 else (NAN, NAN)
    return found | {
        "bollinger_upper": mean + reach,
        "bollinger_middle": mean,
        "bollinger_lower": mean - reach,
        "bollinger_position": NAN if flat else (last - mean + reach) / (2 * reach),
        "bollinger_width": 2 * reach / mean,
        "sma_50": sma_50,
        "sma_200": sma_200,
        "sma_50_to_200": sma_50 / sma_200 - 1,
        "sma_200_slope_22": when(222, lambda: sma_200 / close[-222:-22].mean() - 1),
        "momentum_12_1": when(253, lambda: close[-22] / close[-253] - 1),
        "gap_last": when(2, lambda: gaps[-1]),
        "largest_gap_20": when(21, gaps[-20:].max),
        "drawdown_60": when(60, lambda: drawdown(close[-60:])),
        "volatility_ratio_20_60": NAN
        if still
        else found["volatility_20"] / found["volatility_60"],
        "skew_60": skew,
        "downside_share_60": when(61, (steps[-60:] < 0).mean),
        "stochastic_14": 100 * (last - bottom) / (top - bottom)
        if top > bottom
        else NAN,
    }


def drawdown(close: Array) -> float:
    return float((close / np.maximum.accumulate(close)).min() - 1)


def trading(one: Mapping[str, Array], *, hidden: bool) -> dict[str, float]:
    """Liquidity; ``hidden`` where the last session's evening files are not out."""
    turnover, volume, close = one["turnover"], one["volume"], one["close"]
    n = len(close)

    def mean(values: Array, sessions: int) -> float:
        return float(values[-sessions:].mean()) if len(values) >= sessions else NAN

    def over(above: float, below: float) -> float:
        return above / below if below > 0 else NAN

    def log(value: float) -> float:
        return float(np.log10(value)) if value > 0 else NAN

    median = float(np.median(turnover[-20:])) if n >= 20 else NAN
    impact = [
        abs(now / last - 1) / (traded / 1e7)
        for (last, now), traded in zip(
            pairwise(close[-21:]), turnover[max(1, n - 20) :], strict=True
        )
        if traded > 0
    ]
    told = n - hidden
    shares = one["delivered"] / one["factor"]
    share = [delivered(shares, volume, told - back) for back in (0, 20)]
    trades = one["trades"][-20:]
    seen = np.isfinite(trades)
    size = NAN
    if n >= 20 and seen.sum() >= 10:
        size = over(float(turnover[-20:][seen].sum()), float(trades[seen].sum()))
    return {
        "log_price": log(float(one["raw_close"][-1])),
        "log_turnover_20": log(median),
        "log_turnover_60": log(float(np.median(turnover[-60:]))) if n >= 60 else NAN,
        "turnover_surge": over(mean(turnover, 5), mean(turnover, 60)),
        "turnover_trend": over(mean(turnover, 20), mean(turnover, 60)),
        "turnover_burst_20": over(mean(turnover, 20), median),
        "volume_surge": over(float(volume[-1]), mean(volume[:-1], 50)),
        "amihud_20": float(np.mean(impact)) if n >= 21 and impact else NAN,
        "zero_volume_share_60": mean((volume == 0).astype(np.float64), 60),
        "span_days_60": float(one["day"][-1] - one["day"][-60]) if n >= 60 else NAN,
        "delivery_share_20": share[0] if n >= 21 else NAN,
        "delivery_share_change": share[0] - share[1] if n >= 41 else NAN,
        "log_trade_size_20": log(size),
    }


def delivered(shares: Array, volume: Array, end: int) -> float:
    """Delivered share of the 20 sessions before ``end``."""
    if end < 20:
        return NAN
    part = slice(end - 20, end)
    told = np.isfinite(shares[part])
    if told.sum() < 10:
        return NAN
    return float(shares[part][told].sum() / volume[part][told].sum())


def bands(one: Mapping[str, Array]) -> dict[str, float]:
    """Upper-band closes and the base, without the contractions."""
    n, close, band = len(one["close"]), one["close"], one["band"]
    days = sessions(one, 60)
    moves = np.array([abs(d.close / d.base - 1) if d.own else NAN for d in days])
    step = np.where((one["day"] < 19_884) | (one["base"] >= 250), 0.05, 0.01)
    coarse = step > one["base"] * 0.01 * (1 + 1e-9)
    found: dict[str, float] = {}
    for k in (5, 20, 60, 250):
        tells = n >= k and 2 * coarse[-k:].sum() <= k
        found[f"upper_band_closes_{k}"] = float((band[-k:] > 0).sum()) if tells else NAN
    for k in (20, 60):
        some = n >= k and np.isfinite(moves[-k:]).any()
        found[f"largest_move_{k}"] = float(np.nanmax(moves[-k:])) if some else NAN
    hits = [at for at in range(max(0, n - 250), n) if band[at] > 0]
    high, low, volume = one["high"], one["low"], one["volume"]
    ranges = np.maximum(high[1:], close[:-1]) - np.minimum(low[1:], close[:-1])
    quiet = volume[-51:-1].mean() if n >= 51 else 0
    year = n >= 252
    return found | {
        "sessions_since_upper_band": float(n - 1 - hits[-1]) if hits else NAN,
        "has_fixed_band": 1 - float(one["no_band"][-1]),
        "distance_to_high_252": close[-1] / high[-252:].max() - 1 if year else NAN,
        "distance_to_low_252": close[-1] / low[-252:].min() - 1 if year else NAN,
        "base_tightness": float(ranges[-10:].mean() / ranges[-50:].mean())
        if n >= 51 and ranges[-50:].mean() > 0
        else NAN,
        "close_range_10": float(np.ptp(close[-10:]) / close[-1]) if n >= 10 else NAN,
        "volume_dry_up": float(volume[-11:-1].mean() / quiet) if quiet > 0 else NAN,
        "strength_raw": sum(
            share * (close[-1] / close[-1 - k] - 1)
            for k, share in ((63, 0.4), (126, 0.2), (189, 0.2), (252, 0.2))
        )
        if n >= 253 and one["day"][-1] - one["day"][-253] <= 550
        else NAN,
    }


FINE = date(2024, 6, 10).toordinal() - 719_163
STEPS = date(2025, 4, 15).toordinal() - 719_163
TINY = 1e-9
RAW = ("base", "high", "low", "close", "raw_close", "day", "band", "no_band")


def step_of(base: float, day: int) -> float:
    """The price step in rupees."""
    if day < FINE:
        return 0.05
    if base < 250:
        return 0.01
    if day < STEPS or base <= 1_000:
        return 0.05
    for most, step in ((5_000, 0.10), (10_000, 0.50), (20_000, 1.0)):
        if base <= most:
            return step
    return 5.0


class Session(NamedTuple):
    """One bar as traded, in rupees; ``upper`` the band at whose top it closed, or 0."""

    base: float
    high: float
    low: float
    close: float
    step: float
    upper: float
    futures: bool

    @property
    def own(self) -> bool:
        """Whether the base can be this session's: it came within 20 % of it."""
        if not self.base > 0:
            return False
        most = self.base / 5 + self.step * (1 + TINY)
        near = self.low - self.base <= most and self.base - self.high <= most
        return near or self.futures

    @property
    def rise(self) -> float:
        return self.high / self.base - 1 if self.own else NAN

    @property
    def fall(self) -> float:
        return 1 - self.low / self.base if self.own else NAN

    @property
    def move(self) -> float:
        return max(self.rise, self.fall)

    def tells(self, band: int) -> bool:
        """Whether a step is small enough for a band to be told."""
        share = 0.002 if band == 2 else 0.01
        return self.step <= self.base * share * (1 + TINY)

    def at(self, price: float, band: int, side: int) -> bool:
        """Whether a price is at a limit, or inside by no more than a step."""
        inside = side * (self.base * (1 + side * band / 100) - price)
        near = -TINY * price <= inside <= self.step * (1 + TINY)
        return near and self.tells(band) and not self.futures

    def lower(self) -> float:
        """The band at whose lower limit the session closed; 0: none."""
        if self.close > self.low * (1 + TINY) or not self.close < self.base:
            return 0.0
        bands = (band for band in (20, 10, 5, 2) if self.at(self.close, band, -1))
        return float(next(bands, 0))

    def touched(self, price: float, side: int) -> float:
        """1 at a limit, 0 not, NaN where nobody can tell."""
        if not self.futures and not self.tells(5):
            return NAN
        return float(any(self.at(price, band, side) for band in (5, 10, 20)))


def sessions(one: Mapping[str, Array], count: int) -> list[Session]:
    """The last so many bars."""
    one = {name: one[name][-count:] for name in RAW}
    raw = one["raw_close"] / one["close"]
    return [
        Session(base, high, low, close, step_of(base, day), upper, free > 0)
        for base, high, low, close, day, upper, free in zip(
            one["base"].tolist(),
            (one["high"] * raw).tolist(),
            (one["low"] * raw).tolist(),
            one["raw_close"].tolist(),
            one["day"].tolist(),
            one["band"].tolist(),
            one["no_band"].tolist(),
            strict=True,
        )
    ]


def limits(one: Mapping[str, Array]) -> dict[str, float]:
    """Price limits, session by session."""
    days, n = sessions(one, 250), len(one["close"])
    steps = np.diff(np.log(one["close"]))
    found = in_force(days)
    told = float(one["price_band"][-1])
    if np.isfinite(told):
        found |= {"band_in_force": told / 100, "band_age": 0.0}
    if days[-1].futures:
        found |= {"band_in_force": NAN, "band_age": NAN}
    if n < 20:
        found = dict.fromkeys(found, NAN)
    band = found["band_in_force"]

    def of(values: Sequence[float], how: str, count: int) -> float:
        known = [v for v in values[-count:] if v == v]  # noqa: PLR0124 - NaN
        if n < count or not known:
            return NAN
        return max(known) if how == "max" else sum(known) / len(known)

    def touches(values: Sequence[float], count: int) -> float:
        told = [v for v in values[-count:] if v == v]  # noqa: PLR0124 - NaN
        return sum(told) if n >= count and 2 * len(told) >= count else NAN

    def room(count: int) -> float:
        spread = float(steps[-count:].std()) if n > count else 0.0
        return band / spread if spread > 1e-12 else NAN

    near = days[-60:]
    rises, falls = [d.rise for d in near], [d.fall for d in near]
    upper = [d.touched(d.high, 1) for d in days]
    lower = [d.touched(d.low, -1) for d in near]
    wide = [float(d.move > 0.045 * (1 + TINY)) if d.own else NAN for d in near]
    span = [r + f for r, f in zip(rises, falls, strict=True)]
    return {
        **found,
        **{f"band_to_volatility_{k}": room(k) for k in (20, 60)},
        "band_room_60": band - of(rises, "max", 60),
        **{f"upper_touches_{k}": touches(upper, k) for k in (20, 60, 250)},
        **{f"lower_touches_{k}": touches(lower, k) for k in (20, 60)},
        **{f"highest_rise_{k}": of(rises, "max", k) for k in (5, 60)},
        **{f"deepest_fall_{k}": of(falls, "max", k) for k in (5, 60)},
        "daily_range_5": of(span, "mean", 5),
        "wide_days_60": of(wide, "mean", 60),
    }


def in_force(days: Sequence[Session]) -> dict[str, float]:
    """The band that the last 250 sessions speak for: their last limit, then moves."""
    last = len(days) - 1
    lows = [at for at, day in enumerate(days) if day.lower() > 0]
    hits = [at for at, day in enumerate(days) if day.upper > 0 or at in lows]
    band, evidence, since = 20.0, last - 250, 0
    if hits:
        evidence, since = hits[-1], hits[-1] + 1
        band = max(days[evidence].upper, days[evidence].lower())
    for at, day in enumerate(days[since:], since):
        rupees = day.move * day.base
        if day.futures or not rupees > day.step * (1 + TINY):
            continue
        if 100 * day.move > 1.005 * band + 0.15:
            wider = (b for b in (5.0, 10.0) if 100 * day.move <= 1.005 * b + 0.15)
            band, evidence = next(wider, 20.0), at
    moves = [day.move for day in days[since:] if day.own]
    return {
        "band_in_force": band / 100,
        "band_age": float(last - evidence),
        "sessions_since_limit": float(last - hits[-1]) if hits else 250.0,
        "sessions_since_lower_band": float(last - lows[-1]) if lows else 250.0,
        "largest_move_since_limit": max(moves, default=0.0 if hits else NAN),
    }
