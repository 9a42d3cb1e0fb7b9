"""Daily bars: raw rupees on the exchange's ticks, within the price bands."""

import math
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise
from random import Random

from companies import SPLIT_DATE, Company
from paths import PATHS, Path
from quarters import Q1_FY26
from roster import COMPANIES
from schedule import Release
from sessions import SESSIONS, reaction_session

MEMORY, BASE_MEMORY = 0.94, 0.82
"""How much of its distance from the path a share keeps overnight."""
BANDS = (5, 10, 20)
LOCKED = "DHRUVAERO"
"""The company locked at its upper circuit after the Q1 FY26 results."""


@dataclass(frozen=True)
class Bar:
    """One session of one share, raw rupees."""

    day: date
    company: Company
    open: float
    high: float
    low: float
    close: float
    base: float
    adj: float
    volume: int
    turnover: float
    delivered: int

    @property
    def band(self) -> int:
        """The inferred band hit at the close, 0 for none (or no fixed band)."""
        return self._hit(self.close) if self.close == self.high else 0

    @property
    def touched(self) -> bool:
        """Whether the high reached some band."""
        return self._hit(self.high) > 0

    def _hit(self, price: float) -> int:
        if self.company.fno:
            return 0
        step = float(tick(self.base, self.day))
        for band in BANDS:
            limit = self.base * (1 + band / 100)
            if limit - step < price <= limit + 1e-9:
                return band
        return 0


def tick(price: float, day: date) -> Decimal:
    """The exchange's tick; the rule changed on 2024-06-10 and 2025-04-15."""
    if day < date(2024, 6, 10) or (day < date(2025, 4, 15) and price >= 250):
        return Decimal("0.05")
    steps = ((250, "0.01"), (1000, "0.05"), (5000, "0.10"), (10000, "0.50"))
    return next((Decimal(s) for top, s in steps if price < top), Decimal(1))


def limits(base: float, band: int, day: date) -> tuple[Decimal, Decimal]:
    """Lower and upper limit price, in whole ticks inside the band."""
    step, exact = tick(base, day), Decimal(str(base))
    share = Decimal(band) / 100
    upper = (exact * (1 + share) / step).to_integral_value(ROUND_FLOOR) * step
    lower = (exact * (1 - share) / step).to_integral_value(ROUND_CEILING) * step
    return lower, upper


def market_returns(seed: int) -> list[float]:
    """The common factor of the sample market, one return a session."""
    rng = Random(f"{seed}/market")
    calm, found = 0.0, []
    for _ in SESSIONS:
        calm = 0.96 * calm + rng.gauss(0, 0.16)
        found.append(rng.gauss(0.00042, 0.0068 * math.exp(calm / 2)))
    return found


def all_bars(
    seed: int, releases: dict[tuple[str, int], Release], surprises: dict[str, float]
) -> dict[str, list[Bar]]:
    """Bars of every company.

    Args:
        seed: The sample's seed.
        releases: Dated results.
        surprises: SUE by ``symbol/quarter index``; history reacts to it.
    """
    market = market_returns(seed)
    return {
        company.symbol: _bars(
            company,
            _closes(company, seed, market, releases, surprises),
            Random(f"{seed}/bars/{company.symbol}"),
        )
        for company in COMPANIES
    }


def _closes(
    company: Company,
    seed: int,
    market: list[float],
    releases: dict[tuple[str, int], Release],
    surprises: dict[str, float],
) -> list[float]:
    path = PATHS[company.symbol]
    rng = Random(f"{seed}/path/{company.symbol}")
    jumps = _jumps(company, path, releases, surprises)
    wander, found = 0.0, []
    for place in range(len(SESSIONS)):
        calm = _calm(path, place)
        shock = rng.gauss(0, path.noise) + path.beta * 0.7 * market[place]
        memory = MEMORY if calm == 1.0 else BASE_MEMORY
        wander = memory * wander + shock * calm
        found.append(_level(path, place) * math.exp(wander + jumps[place]))
    return found


def _jumps(
    company: Company,
    path: Path,
    releases: dict[tuple[str, int], Release],
    surprises: dict[str, float],
) -> list[float]:
    """Log reactions to results: past ones fade, the last one stays."""
    found = [0.0] * len(SESSIONS)
    for (symbol, index), release in releases.items():
        session = reaction_session(release.published)
        if symbol != company.symbol or session not in SESSIONS:
            continue
        first = SESSIONS.index(session)
        surprise = max(-3.0, min(3.0, surprises[f"{symbol}/{index}"]))
        size = 0.014 * surprise
        last = index == Q1_FY26
        for place in range(first, len(SESSIONS)):
            fade = 1.0 if last else max(0.0, 1 - (place - first) / 25)
            found[place] += (math.log1p(path.reaction) if last else size) * fade
    return found


def _calm(path: Path, place: int) -> float:
    """Noise shrinks inside a contraction base."""
    if path.base_end is None or place < path.base_end - 108:
        return 1.0
    if place > path.base_end:
        return 0.5
    return 0.2 + 0.35 * min(1.0, (path.base_end - place) / 90)


def _level(path: Path, place: int) -> float:
    points = path.points
    for (x0, y0), (x1, y1) in pairwise(points):
        if x0 <= place <= x1:
            share = (place - x0) / max(1, x1 - x0)
            return math.exp(math.log(y0) * (1 - share) + math.log(y1) * share)
    return points[-1][1]


def _bars(company: Company, closes: list[float], rng: Random) -> list[Bar]:
    bars: list[Bar] = []
    for place, day in enumerate(SESSIONS):
        units = company.split / company.split_on(day)
        base = bars[-1].close if bars else round(closes[0] * units, 1)
        if company.split > 1 and day == SPLIT_DATE:
            base = float(Decimal(str(base)) / company.split)
        bars.append(_bar(company, place, closes[place] * units, base, rng))
    return bars


def _bar(company: Company, place: int, close: float, base: float, rng: Random) -> Bar:
    day, path = SESSIONS[place], PATHS[company.symbol]
    lower, upper = limits(base, 40 if company.fno else company.band, day)
    close_at = min(max(_round(close, base, day), lower), upper)
    spread = path.noise * _calm(path, place) * 0.75
    gap = 0.35 * (close / base - 1) + rng.gauss(0, spread * 0.5)
    open_at = min(max(_round(base * (1 + gap), base, day), lower), upper)
    top, bottom = max(open_at, close_at), min(open_at, close_at)
    high = _round(float(top) * (1 + abs(rng.gauss(0, spread))), base, day)
    low = _round(float(bottom) * (1 - abs(rng.gauss(0, spread))), base, day)
    high, low = min(max(high, top), upper), max(min(low, bottom), lower)
    locked = company.symbol == LOCKED and day == SESSIONS[-1]
    if locked:
        close_at = high = upper
        low = min(low, open_at)
    moved = abs(float(close_at) / base - 1)
    turnover = _turnover(path, place, moved, rng)
    average = float(high + low + close_at * 2) / 4
    volume = round(turnover * 100_000 / average)
    adj = company.split_on(day) / company.split
    share = rng.uniform(0.34, 0.62) - min(0.15, moved)
    return Bar(
        day,
        company,
        float(open_at),
        float(high),
        float(low),
        float(close_at),
        base,
        adj,
        volume,
        round(volume * average / 100_000, 2),
        round(volume * share),
    )


def _round(price: float, base: float, day: date) -> Decimal:
    step = tick(base, day)
    return round(Decimal(str(price)) / step) * step


def _turnover(path: Path, place: int, moved: float, rng: Random) -> float:
    """Lakh rupees: busier on big moves, dry at the end of a base."""
    usual = path.turnover * math.exp(rng.gauss(0, 0.28)) * (1 + 28 * moved)
    if path.base_end is None or place < path.base_end - 88:
        return usual
    if place > path.base_end:
        return usual * 1.35
    left = path.base_end - place
    return usual * (0.3 + 0.06 * rng.random() if left < 10 else 0.5 + 0.007 * left)
