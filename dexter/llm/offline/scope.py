"""Whom and when a question is about: companies, quarters, basis, days."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dexter.domain.briefs import Coverage, KnownQuarter, PlanningBrief
from dexter.domain.company import Company
from dexter.domain.moment import IST
from dexter.domain.period import Quarter, Window
from dexter.domain.phrases import names_latest, season_of
from dexter.llm.offline.intents import Reading, without_names
from dexter.llm.offline.pairing import by_company, by_measure

_AROUND = timedelta(days=7)
_AHEAD = timedelta(days=14)
_PREFERRED = ("consolidated", "standalone")


@dataclass(frozen=True, slots=True)
class Scope:
    """A planning brief beside the reading of its question."""

    brief: PlanningBrief
    reading: Reading

    @property
    def companies(self) -> tuple[Company, ...]:
        """One company per mention, in the order of the question."""
        best: dict[str, Company] = {}
        for match in self.brief.companies:
            best.setdefault(match.text.lower(), match.company)
        return tuple({one.symbol: one for one in best.values()}.values())

    def known(self, symbol: str) -> tuple[KnownQuarter, ...]:
        """Quarters of a company with visible figures, newest first."""
        return _known(self.brief.coverage, symbol)

    def quarter(self, symbol: str) -> Quarter | None:
        """The quarter asked of a company: named, or its newest visible one."""
        own = self.paired.get(symbol)
        if own:
            return own
        named = self.named
        if named:
            return max(named)
        inside = self._published_inside(symbol)
        if inside:
            return inside
        known = self.known(symbol)
        return known[0].quarter if known else self.brief.latest

    @property
    def named(self) -> tuple[Quarter, ...]:
        """Quarters asked for by name; "last quarter" is each company's own newest."""
        quarters = self.brief.quarters
        if len(quarters) == 1 and names_latest(self.brief.question):
            return () if quarters[0] == self.brief.latest else quarters
        return quarters

    @property
    def paired(self) -> Mapping[str, Quarter]:
        """The quarter said beside each company, where each has another one."""
        mentions = [(m.text, m.company.symbol) for m in self.brief.companies]
        return by_company(self.brief.question, mentions, self.brief.today)

    @property
    def own_quarters(self) -> Mapping[str, Quarter]:
        """The quarter said beside each measure, where each has another one."""
        if len(self.companies) > 1:
            return {}
        bare = without_names(
            self.brief.question, (m.text for m in self.brief.companies)
        )
        return by_measure(bare, self.brief.today)

    def awaited(self, symbol: str) -> Quarter | None:
        """The season's quarter, where a company has not been seen to report it."""
        known, latest = self.known(symbol), self.brief.latest
        if self.named or not known or latest is None:
            return None
        return latest if known[0].quarter < latest else None

    def common_quarter(self, symbols: Sequence[str]) -> Quarter | None:
        """The newest quarter all companies have, unless one is named."""
        if self.named:
            return max(self.named)
        sets = [{one.quarter for one in self.known(symbol)} for symbol in symbols]
        shared = set.intersection(*sets) if sets else set()
        return max(shared) if shared else self.brief.latest

    def basis(self, wanted: Iterable[tuple[str, Quarter | None]]) -> str | None:
        """One basis for everything compared: as asked, else consolidated everywhere.

        None where neither basis is known for all; the tool then says what it chose.
        """
        if self.reading.basis:
            return self.reading.basis
        offers = [self._bases(symbol, quarter) for symbol, quarter in wanted]
        known = [offer for offer in offers if offer]
        if not known:
            return None
        shared = set.intersection(*known)
        return next((basis for basis in _PREFERRED if basis in shared), None)

    def news_window(self, symbol: str, quarter: Quarter | None) -> Window:
        """A week around the publication, as far as today."""
        if self.brief.windows:
            return self.brief.windows[0]
        published = self.published(symbol, quarter)
        if published:
            end = min(published + _AROUND, self.brief.today)
            return Window(min(published - _AROUND, end), end, "around the results")
        start = self.brief.today - 2 * _AHEAD
        return Window(start, self.brief.today, "the last weeks")

    def published(self, symbol: str, quarter: Quarter | None) -> date | None:
        """The Indian day a quarter's figures became public, where known."""
        for one in self.known(symbol):
            if one.quarter == quarter and one.published_at:
                return one.published_at.astimezone(IST).date()
        return None

    def reported_window(self) -> Window:
        """The days whose reporters are meant, never beyond today.

        Named days, else the season of the named or the latest quarter.
        """
        window = self._named_window()
        if window.start > self.brief.today:
            return window
        return Window(window.start, min(window.end, self.brief.today), window.label)

    def ahead_window(self) -> Window:
        """The days ahead that are meant: as named, else the next fortnight."""
        today = self.brief.today
        ahead = [window for window in self.brief.windows if window.end >= today]
        if ahead:
            window = max(ahead, key=lambda one: one.end)
            return Window(max(window.start, today), window.end, window.label)
        reach = timedelta(days=90) if self.companies else _AHEAD
        return Window(today, today + reach, "the days ahead")

    def _named_window(self) -> Window:
        if self.brief.windows:
            begun = [one for one in self.brief.windows if one.start < self.brief.today]
            return (begun or self.brief.windows)[0]
        quarter = max(self.brief.quarters, default=self.brief.latest)
        return season_of(quarter or Quarter.ended_before(self.brief.today))

    def _published_inside(self, symbol: str) -> Quarter | None:
        for window in self.brief.windows:
            for one in self.known(symbol):
                day = self.published(symbol, one.quarter)
                if day and day in window:
                    return one.quarter
        return None

    def _bases(self, symbol: str, quarter: Quarter | None) -> set[str]:
        for one in self.known(symbol):
            if quarter is None or one.quarter == quarter:
                return set(one.basis)
        return set()


def _known(coverage: Sequence[Coverage], symbol: str) -> tuple[KnownQuarter, ...]:
    for one in coverage:
        if one.symbol == symbol:
            return one.quarters
    return ()
