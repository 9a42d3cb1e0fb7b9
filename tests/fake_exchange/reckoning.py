"""From the world to its truth: from the market itself, not from what is served."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from dexter.domain.moment import IST
from tests.fake_exchange import filings
from tests.fake_exchange.indices import index_closes
from tests.fake_exchange.listing import Company
from tests.fake_exchange.market import Bar, band_on
from tests.fake_exchange.newspaper import stories
from tests.fake_exchange.truth import (
    Band,
    Listing,
    Meeting,
    Publication,
    Rename,
    TrueAction,
    TrueBar,
    Truth,
)

if TYPE_CHECKING:
    from tests.fake_exchange.world import World

BSE, NSE = "BSE", "NSE"
_PAISE = Decimal(100)


def truth(world: "World") -> Truth:
    """Everything public at the world's now."""
    bse, nse = {}, {}
    for session in world.days.sessions:
        for company, bar in world.bars(session):
            symbol = company.symbol(session)
            if symbol and world.is_public("nse bars", session):
                nse[symbol, company.series, session] = _bar(company, bar)
            if company.bse and world.is_public("bse bars", session):
                bse[str(company.bse), company.group, session] = _bar(company, bar)
    return Truth(
        now=world.now,
        bse_announcements=frozenset(n.key for _, n in world.everything(BSE)),
        nse_announcements=frozenset(_nse_keys(world, sme=False)),
        nse_sme_announcements=frozenset(_nse_keys(world, sme=True)),
        publications=tuple(_publications(world)),
        meetings=frozenset(_meetings(world)),
        nse_bars=nse,
        bse_bars=bse,
        bands=dict(_bands(world)),
        ticks=dict(_ticks(world)),
        index_closes={
            (name, session): Decimal(close) / _PAISE
            for session in world.days.sessions
            if world.is_public("nse indices", session)
            for name, close in index_closes(world, session)
        },
        actions=frozenset(_actions(world)),
        renames=frozenset(_renames(world)),
        stories=tuple(stories(world)),
    )


def in_force(world: "World", session: date) -> Iterator[tuple[Company, str]]:
    """NSE companies and their symbols on a session."""
    for company in world.companies:
        if symbol := company.symbol(session):
            yield company, symbol


def midnight(day: date) -> datetime:
    """The first moment of a day."""
    return datetime.combine(day, time(), IST)


def _nse_keys(world: "World", *, sme: bool) -> Iterator[tuple[str, str, str]]:
    for day, notice in world.everything(NSE):
        if (notice.company.series == "SM") != sme:
            continue
        symbol = notice.company.symbol(day) or ""
        yield symbol, f"{notice.at:%d-%b-%Y %H:%M:%S}", notice.attachment or "-"


def _publications(world: "World") -> Iterator[Publication]:
    for exchange, source in ((BSE, "BSE announcement"), (NSE, "NSE announcement")):
        for day, notice in world.everything(exchange):
            if notice.paper is None:
                continue
            small = exchange == NSE and notice.company.series == "SM"
            symbol = notice.company.symbol(day) if exchange == NSE else None
            name = notice.attachment.rsplit("\\", 1)[-1]
            url = filings.attachment_url(world, exchange, notice.attachment, notice.at)
            yield Publication(
                name=name.lower(),
                symbol=symbol or f"BSE:{notice.company.bse}",
                published_at=notice.seen_at,
                source="NSE SME announcement" if small else source,
                paper=notice.paper,
                url=url,
            )
    yield from filings.publications(world)


def _meetings(world: "World") -> Iterator[Meeting]:
    for result in world.results:
        symbol = result.company.symbol(result.told.date())
        if symbol and result.told <= world.now:
            for on in filter(None, (result.moved_from, result.on)):
                yield Meeting(symbol, on, result.told)


def _bar(company: Company, bar: Bar) -> TrueBar:
    return TrueBar(
        open=bar.open / _PAISE,
        high=bar.high / _PAISE,
        low=bar.low / _PAISE,
        close=bar.close / _PAISE,
        last=bar.last / _PAISE,
        previous_close=bar.previous / _PAISE,
        base=bar.base / _PAISE,
        volume=bar.volume,
        turnover=bar.value / _PAISE,
        trades=bar.trades,
        delivered=bar.delivered,
        isin=company.isin,
        circuit=_circuit(bar),
    )


def _circuit(bar: Bar) -> str:
    """What the session did at its upper limit."""
    if bar.upper is None:
        return "no_band"
    if bar.low == bar.upper:
        return "locked_all_day"
    if bar.last == bar.upper == bar.high:
        return "locked_at_end"
    return "touched" if bar.high == bar.upper else "none"


def _bands(world: "World") -> Iterator[tuple[Listing, Band]]:
    files = [world.days.before(world.days.days[0]), *world.days.sessions]
    for file in files:
        if file in world.days.sessions and not world.is_public("nse bands", file):
            continue
        session = world.days.after(file)
        for company, symbol in in_force(world, session):
            band = band_on(company, session, world.days)
            value: Band = "no band" if band is None else Decimal(band)
            yield (symbol, company.series, session), value


def _ticks(world: "World") -> Iterator[tuple[Listing, Decimal]]:
    for session in world.days.sessions:
        if not world.is_public("nse securities", session):
            continue
        for company, symbol in in_force(world, session):
            yield (symbol, company.series, session), tick(world, company, session)


def tick(world: "World", company: Company, session: date) -> Decimal:
    """The tick on a session, from the last bar up to it where it did not trade."""
    place = world.days.sessions.index(session)
    bars = world.path(company)
    known = next((b for b in reversed(bars[: place + 1]) if b), None)
    known = known or next(bar for bar in bars if bar)
    return known.tick / _PAISE


def _actions(world: "World") -> Iterator[TrueAction]:
    for action in world.actions:
        if midnight(action.told_on) <= world.now:
            symbol = action.company.symbol(world.now.date()) or ""
            factor = Decimal(action.factor.numerator) / action.factor.denominator
            yield TrueAction(symbol, action.ex_date, action.kind, factor)


def _renames(world: "World") -> Iterator[Rename]:
    for company in world.companies:
        old, on = company.former, company.renamed_on
        # The list is put up the evening before.
        if (
            company.nse
            and old
            and on
            and midnight(on) - timedelta(hours=6) <= world.now
        ):
            yield Rename(old, company.nse, on)
