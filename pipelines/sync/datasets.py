"""The datasets a sync collects: where each comes from, in which pieces, and when."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from dexter.sources.opened import Sources
from dexter.sources.payload import Payload
from pipelines.sync.units import (
    Plan,
    Unit,
    after_close,
    as_of_now,
    by_company,
    by_day,
    by_day_or_company,
    by_day_or_scrip,
    by_month,
    by_scrip,
    by_session,
    by_session_and_before,
)

Ready = Mapping[str, Payload]
Planner = Callable[[str], Plan]
Fetch = Callable[[Sources, Unit, Ready], AsyncIterator[Payload]]

LEGACY_UNTIL = date(2025, 3, 31)
PRICES = (
    *("nse bars", "nse delivery", "nse bands", "nse band changes", "nse securities"),
    *("bse bars", "bse delivery"),
)
"""What a session's bars are put together from."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """One kind of answer.

    Attributes:
        name: As the clients call it.
        lane: Whose limits its requests fall under; lanes run beside each other, the
            requests of a lane after each other.
        group: A word of ``--only``.
        plan: Its units within a scope.
        fetch: The payloads of a unit.
        paged: Whether a unit comes in several payloads, so that one may be half in.
        never_empty: Whether a session without rows is a lie of the source.
    """

    name: str
    lane: str
    group: str
    plan: Plan
    fetch: Fetch
    paged: bool = False
    never_empty: bool = False


async def _bse_announcements(
    sources: Sources, unit: Unit, ready: Ready
) -> AsyncIterator[Payload]:
    async for payload in sources.bse.announcements(unit.first, unit.company, ready):
        yield payload


async def _nse_integrated(
    sources: Sources, unit: Unit, ready: Ready
) -> AsyncIterator[Payload]:
    del ready
    async for payload in sources.nse.integrated_results(unit.first, unit.last):
        yield payload


def _one(ask: Callable[[Sources, Unit], Awaitable[Payload]]) -> Fetch:
    """What one request answers."""

    async def fetch(
        sources: Sources, unit: Unit, ready: Ready
    ) -> AsyncIterator[Payload]:
        del ready
        yield await ask(sources, unit)

    return fetch


def _file(name: str) -> Fetch:
    """A file of the archives, by the method that gets it."""

    def ask(sources: Sources, unit: Unit) -> Awaitable[Payload]:
        method: Callable[..., Awaitable[Payload]] = getattr(sources.archives, name)
        return method(unit.day) if unit.day else method()

    return _one(ask)


def _dataset(name: str, lane: str, group: str, plan: Planner, fetch: Fetch) -> Dataset:
    return Dataset(
        name,
        lane,
        group,
        plan(name),
        fetch,
        paged=name == "bse announcements",
        never_empty=name in {"bse announcements", "nse announcements"},
    )


_NSE, _BSE = "NSE", "BSE"
_NSE_FILES, _BSE_FILES = "NSE archives", "BSE files"
# In the order they are asked for: what companies are called before what they say.
DATASETS: tuple[Dataset, ...] = (
    _dataset(
        "nse holidays",
        _NSE,
        "calendar",
        as_of_now,
        _one(lambda sources, _: sources.nse.holidays()),
    ),
    _dataset(
        "nse symbol changes",
        _NSE_FILES,
        "companies",
        as_of_now,
        _file("nse_symbol_changes"),
    ),
    _dataset(
        "nse equity list", _NSE_FILES, "companies", as_of_now, _file("nse_equities")
    ),
    _dataset(
        "bse scrip master",
        _BSE,
        "companies",
        as_of_now,
        _one(lambda sources, _: sources.bse.scrips()),
    ),
    _dataset(
        "nse board meetings",
        _NSE,
        "calendar",
        by_month,
        _one(lambda sources, u: sources.nse.board_meetings(u.first, u.last)),
    ),
    _dataset(
        "nse event calendar",
        _NSE,
        "calendar",
        as_of_now,
        _one(lambda sources, _: sources.nse.event_calendar()),
    ),
    _dataset(
        "bse result calendar",
        _BSE,
        "calendar",
        as_of_now,
        _one(lambda sources, _: sources.bse.result_calendar()),
    ),
    _dataset(
        "nse band hitters",
        _NSE,
        "prices",
        after_close,
        _one(lambda sources, _: sources.nse.band_hitters()),
    ),
    _dataset(
        "nse corporate actions",
        _NSE,
        "prices",
        by_month,
        _one(lambda sources, u: sources.nse.corporate_actions(u.first, u.last)),
    ),
    _dataset(
        "nse announcements",
        _NSE,
        "announcements",
        by_day_or_company,
        _one(lambda s, u: s.nse.announcements(u.first, u.last, u.company)),
    ),
    _dataset(
        "nse sme announcements",
        _NSE,
        "announcements",
        by_day_or_company,
        _one(lambda s, u: s.nse.announcements(u.first, u.last, u.company, "sme")),
    ),
    _dataset(
        "bse announcements",
        _BSE,
        "announcements",
        by_day_or_scrip,
        _bse_announcements,
    ),
    _dataset("nse integrated results", _NSE, "results", by_day, _nse_integrated),
    _dataset(
        "nse legacy results",
        _NSE,
        "results",
        partial(by_company, until=LEGACY_UNTIL),
        _one(lambda sources, u: sources.nse.legacy_results(u.key)),
    ),
    _dataset(
        "bse results index",
        _BSE,
        "results",
        by_scrip,
        _one(lambda sources, u: sources.bse.results_index(u.key)),
    ),
    _dataset(
        "nse bands", _NSE_FILES, "prices", by_session_and_before, _file("nse_bands")
    ),
    *(
        _dataset(name, lane, "prices", by_session, _file(name.replace(" ", "_")))
        for name, lane in (
            ("nse bars", _NSE_FILES),
            ("nse delivery", _NSE_FILES),
            ("nse securities", _NSE_FILES),
            ("nse indices", _NSE_FILES),
            ("nse band changes", _NSE_FILES),
            ("bse bars", _BSE_FILES),
            ("bse delivery", _BSE_FILES),
        )
    ),
)
REFERENCE = frozenset(
    {"nse holidays", "nse symbol changes", "nse equity list", "bse scrip master"}
)
"""What the rest is planned by: sessions, and who is who."""
DOCUMENTS, NEWS, CROSS_CHECK = "documents", "news", "yahoo"
GROUPS = (*dict.fromkeys(one.group for one in DATASETS), DOCUMENTS, NEWS, CROSS_CHECK)
