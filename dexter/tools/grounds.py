"""What a feature was computed from, as evidence: bars, figures, indices, headlines."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from dexter.domain.evidence import Evidence, EvidenceKind, Measure, Source
from dexter.domain.filing import Headline
from dexter.domain.market import IndexHistory, MarketHistory, PriceHistory
from dexter.domain.moment import IST, bar_known_at
from dexter.features.bars import INDEX_FILES_AT
from dexter.features.event import EventInputs
from dexter.features.figures import ITEMS, LAGS
from dexter.features.known import Known
from dexter.features.moments import day_of
from dexter.features.spec import FeatureSpec
from dexter.tools import cite, dated

_BARS: dict[str, Measure] = {
    "open": Measure.RUPEES_PER_SHARE,
    "high": Measure.RUPEES_PER_SHARE,
    "low": Measure.RUPEES_PER_SHARE,
    "close": Measure.RUPEES_PER_SHARE,
    "base": Measure.RUPEES_PER_SHARE,
    "volume": Measure.COUNT,
    "turnover": Measure.RUPEES,
    "band": Measure.COUNT,
    "no_band": Measure.COUNT,
    "trades": Measure.COUNT,
    "delivered": Measure.COUNT,
    "price_band": Measure.COUNT,
}
_OF_SESSIONS: dict[str, tuple[str, ...]] = {
    "breadth_50": ("above_50",),
    "breadth_200": ("above_200",),
    "advancing_5": ("advancing",),
    "highs_minus_lows_20": ("highs_252", "lows_252"),
    **{f"circuit_rate_{n}": ("upper_closes", "banded") for n in (5, 20, 60)},
    **{f"season_circuit_rate_{n}": ("resolved_hits", "resolved") for n in (20, 60)},
}
"""What features of the whole market read in place of one company's bars."""

MARKET_DAYS = "the market's sessions"
_EVENING = time(INDEX_FILES_AT // 60, INDEX_FILES_AT % 60)


@dataclass(frozen=True, slots=True)
class Grounds:
    """The inputs of one event's features, each found once."""

    subject: cite.Subject
    inputs: EventInputs
    known: Known

    def of(self, spec: FeatureSpec) -> tuple[Evidence, ...]:
        """Evidence for every input of a feature that is there.

        Of bars, indices and sessions it is the last one read, of headlines the newest;
        the formula says how far back it reaches.
        """
        names = _OF_SESSIONS.get(spec.name, spec.inputs)
        found = (item for name in names for item in self._input(name, spec))
        return tuple(item for item in found if item is not None)

    def _input(self, name: str, spec: FeatureSpec) -> Iterable[Evidence | None]:
        if name in _BARS:
            return (self._bar(name),)
        if name in ITEMS:
            return self._figures(name, _quarters(spec))
        if name in self.inputs.indices:
            return (_close(self.inputs.indices[name], self.inputs),)
        if name in {"published_at", "known_at"}:
            lags = _quarters(spec)
            return dated.moments(self.subject, self.inputs, spec, name, lags)
        return (self._other(name),)

    def _other(self, name: str) -> Evidence | None:
        market = self.inputs.market
        if name == "headlines":
            return self._headline()
        if name == "quarter":
            return dated.quarter(self.subject, self.inputs)
        if name == "day":
            return self._day()
        if market is None:
            return None
        if name in {"events", "results"}:
            return dated.results(market, self.inputs.published_at)
        return self._session(name, market)

    def _last(self) -> int | None:
        """The row of the last bar that was seen."""
        last = int(self.known.end[0]) - 1
        return None if last < int(self.known.first[0]) else last

    def _day(self) -> Evidence | None:
        history, last = self.inputs.prices, self._last()
        if history is None or last is None:
            return None
        return dated.session(self.subject, history, last)

    def bar_of(self, name: str, day: date) -> Evidence | None:
        """One price of the bar of a day, as it was paid then."""
        history = self.inputs.prices
        if history is None or day not in history.sessions:
            return None
        return self._at(name, history, history.sessions.index(day))

    def _bar(self, name: str) -> Evidence | None:
        history, last = self.inputs.prices, self._last()
        if history is None or last is None:
            return None
        return self._at(name, history, last)

    def _at(self, name: str, history: PriceHistory, row: int) -> Evidence | None:
        column: Sequence[float | None] = getattr(history, name)
        value = column[row] if column else None
        if value is None:
            return None
        return _price(self.subject, name, _BARS[name], _decimal(value), history, row)

    def _figures(self, name: str, lags: Sequence[int]) -> Iterator[Evidence | None]:
        by_quarter = {
            one.quarter: one
            for one in self.inputs.figures
            if one.basis is self.inputs.basis and one.known_at is not None
        }
        for back in lags:
            figures = by_quarter.get(self.inputs.quarter.shift(-back))
            if figures is not None and name in cite.FIGURES:
                yield cite.from_figures(self.subject, figures, name)

    def _headline(self) -> Evidence | None:
        seen = [h for h in self.inputs.headlines if self._before(h)]
        if not seen:
            return None
        newest = max(seen, key=lambda h: h.published_at)
        return Evidence(
            id="",
            kind=EvidenceKind.NEWS,
            name="headline",
            unit=Measure.TEXT,
            value=None,
            text=newest.title,
            source=Source(document=newest.source, url=newest.url),
            symbol=self.subject.symbol,
            company=self.subject.company,
            known_at=newest.published_at,
        ).with_key()

    def _before(self, headline: Headline) -> bool:
        return headline.published_at < self.inputs.published_at

    def _session(self, name: str, market: MarketHistory) -> Evidence | None:
        sessions = self.known.sources.market
        column: Sequence[float | None] = getattr(market, name, ())
        if sessions is None or not column:
            return None
        last = int(sessions.ends(self.known.asked.moment)[0]) - 1
        if last < 0 or last >= len(column) or isinstance(column[last], tuple):
            return None
        value = column[last]
        return Evidence(
            id="",
            kind=EvidenceKind.COMPUTED if value is None else EvidenceKind.PRICE,
            name=name,
            unit=Measure.COUNT,
            value=None if value is None else _decimal(value),
            source=Source(
                document=MARKET_DAYS, row=str(day_of(sessions.day[last])), column=name
            ),
            known_at=bar_known_at(day_of(sessions.day[last])),
        ).with_key()


def _quarters(spec: FeatureSpec) -> Sequence[int]:
    """Quarters back that a feature reads; without a word, all its look-back holds."""
    number, _, unit = spec.look_back.partition(" ")
    return spec.lags or range(int(number) if unit.startswith("quarter") else LAGS)


def _price(
    subject: cite.Subject,
    name: str,
    unit: Measure,
    value: Decimal,
    history: PriceHistory,
    row: int,
) -> Evidence:
    session = history.sessions[row]
    return Evidence(
        id="",
        kind=EvidenceKind.PRICE,
        name=name,
        unit=unit,
        value=value,
        source=Source(document=history.source, row=str(session), column=name),
        symbol=subject.symbol,
        company=subject.company,
        known_at=bar_known_at(session),
    ).with_key()


def _close(index: IndexHistory, inputs: EventInputs) -> Evidence | None:
    seen = [
        place
        for place, day in enumerate(index.sessions)
        if datetime.combine(day, _EVENING, IST) < inputs.published_at
    ]
    if not seen:
        return None
    last = seen[-1]
    return Evidence(
        id="",
        kind=EvidenceKind.PRICE,
        name=index.name,
        unit=Measure.SCORE,
        value=_decimal(index.close[last]),
        source=Source(
            document=index.source, row=str(index.sessions[last]), column="close"
        ),
        known_at=datetime.combine(index.sessions[last], _EVENING, IST),
    ).with_key()


def _decimal(value: float) -> Decimal:
    return Decimal(repr(float(value)))
