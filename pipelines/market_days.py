"""The market's sessions measured from the bars of a home, and kept.

A session is measured again when a bar up to it changed; a day's bars cost a reading of
the year and a half before them, no more.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta

import numpy as np
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.domain.period import Quarter
from dexter.features.breadth import WITHIN_DAYS, Sessions, sessions_of
from dexter.features.columns import Array, Whole
from dexter.features.known import Asked
from dexter.features.moments import (
    day_number,
    day_of,
    ist_days,
    moment_number,
    quarter_number,
    whole,
)
from dexter.ml.outcomes import outcomes
from dexter.store.database import Database, note, set_note
from dexter.store.keeping import Row
from dexter.store.market_days import keep_days, keep_ranked
from dexter.store.price_list import DAY, PriceFile, listed
from dexter.store.prices import ParquetPrices
from dexter.store.recent_bars import bars_since
from dexter.store.tables import actions, events, figures
from pipelines.panel import Panel, panel_of
from pipelines.result_ranks import WINDOW, ranked

Progress = Callable[[str, int, int], None]

NOTE = "market_days"
_STAGE = "market days"
_WINDOW = timedelta(days=30)
"""Results this long before a session may still close their window on it."""

_LATE = timedelta(days=14)
"""Results of the last days may still come in: their sessions are always made again."""

_DIGITS = 9
_FIRST = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Made:
    """What the kept sessions were made from, as noted beside them.

    ``actions`` fingerprints those up to ``until``, the last day of bars, ``events``
    those before the last two weeks of it, and ``figures`` is how many were known then.
    """

    files: tuple[str, ...]
    until: str
    actions: str
    events: str
    figures: int


def keep_market_days(database: Database, on_progress: Progress) -> int:
    """Measure the sessions that are new, or whose bars changed; how many changed.

    Args:
        database: The home.
        on_progress: Called with a stage, steps done and steps in all.

    Raises:
        StoreCorruptError: a file of bars does not read.
        DiskFullError, HomeUnwritableError: the home cannot be written.
    """
    with database.read() as connection:
        files = listed(connection)
        if not files:
            return 0
        first = _first_changed(connection, files)
        made = _made(connection, files, _last_day(files))
    if first is None:
        return 0
    on_progress(_STAGE, 0, 1)
    panel = _panel(database, files, first)
    rows = _measured(database, panel, first)
    ranks = _ranked(database, panel, first)
    with database.write() as connection:
        changed = keep_days(connection, rows, first)
        keep_ranked(connection, ranks, first)
        set_note(connection, NOTE, json.dumps(asdict(made)))
    on_progress(_STAGE, 1, 1)
    return changed


def _first_changed(connection: Connection, files: Sequence[PriceFile]) -> date | None:
    """The first day from which sessions may differ from those kept; none: no day."""
    told = note(connection, NOTE)
    if told is None:
        return _FIRST
    before = Made(**json.loads(told))
    same = _made(connection, files, date.fromisoformat(before.until))
    if replace(same, files=before.files) != before:
        return _FIRST
    fresh = [one for one in files if one.name not in before.files]
    gone = set(before.files) - {one.name for one in files}
    if gone or any(one.layout != DAY for one in fresh):
        return _FIRST
    if not fresh:
        return None
    late = date.fromisoformat(before.until) - _LATE
    return min(late, *(one.first_day for one in fresh))


def _last_day(files: Sequence[PriceFile]) -> date:
    return max(one.last_day for one in files)


def _made(connection: Connection, files: Sequence[PriceFile], until: date) -> Made:
    said = sa.type_coerce(events.c.published_at, sa.String)
    published = (
        sa.select(events.c.symbol, said)
        .where(said < (until - _LATE).isoformat())
        .order_by(events.c.symbol, events.c.period_end)
    )
    splits = (
        sa.select(actions.c.symbol, actions.c.ex_date, actions.c.factor)
        .where(actions.c.ex_date <= until)
        .order_by(actions.c.symbol, actions.c.ex_date, actions.c.kind)
    )
    when = sa.type_coerce(figures.c.known_at, sa.String)
    known = sa.select(sa.func.count()).where(when < (until - _LATE).isoformat())
    return Made(
        files=tuple(one.name for one in files),
        until=until.isoformat(),
        actions=_fingerprint(connection, splits),
        events=_fingerprint(connection, published),
        figures=connection.scalars(known).one(),
    )


def _fingerprint(connection: Connection, query: sa.Select[tuple[object, ...]]) -> str:
    text = repr([tuple(row) for row in connection.execute(query)])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _panel(database: Database, files: Sequence[PriceFile], first: date) -> Panel:
    """The bars that sessions and results from a day on are measured by."""
    since = None if first == _FIRST else first - timedelta(days=WITHIN_DAYS) - WINDOW
    table = bars_since(database.home, files, since)
    return panel_of(table, ParquetPrices(database).every_action())


def _ranked(database: Database, panel: Panel, first: date) -> list[Row]:
    since = first if first == _FIRST else first - WINDOW
    return ranked(database, panel, _events(database, panel, since), first)


def _measured(database: Database, panel: Panel, first: date) -> list[Row]:
    near = 0 if first == _FIRST else day_number(first - _WINDOW)
    found = sessions_of(panel.bars, near)
    resolved, hits = _resolved(database, panel, found, first)
    return _rows(found.since(day_number(first)), resolved, hits)


def _resolved(
    database: Database, panel: Panel, found: Sessions, first: date
) -> tuple[Array, Array]:
    """Events whose window closed on each session from a day on, and the circuits."""
    asked = _events(database, panel, first - _WINDOW if first > _FIRST else first)
    nothing = np.full(len(found.day), np.nan)
    label = outcomes(panel.bars, found.day, nothing, asked)
    over = label.upper_circuit.why == 0
    place = np.searchsorted(found.day, ist_days(label.known_at[over]))
    hit = label.upper_circuit.values[over] > 0
    start = np.searchsorted(found.day, day_number(first))
    counted = np.bincount(place, minlength=len(found.day))
    hits = np.bincount(place[hit], minlength=len(found.day))
    return counted[start:].astype(float), hits[start:].astype(float)


def _events(database: Database, panel: Panel, since: date) -> Asked:
    """Results events of companies with bars, first published from a day on."""
    number = {symbol: place for place, symbol in enumerate(panel.symbols)}
    said = sa.type_coerce(events.c.published_at, sa.String)
    query = sa.select(events.c.symbol, events.c.period_end, events.c.published_at)
    with database.read() as connection:
        rows = connection.execute(query.where(said >= since.isoformat())).all()
    known = [row for row in rows if row.symbol in number]
    quarters: Whole = whole(
        quarter_number(Quarter.containing(row.period_end)) for row in known
    )
    return Asked(
        company=whole(number[row.symbol] for row in known),
        moment=whole(moment_number(row.published_at) for row in known),
        quarter=quarters,
    )


def _rows(found: Sessions, resolved: Array, hits: Array) -> list[Row]:
    shares = ("advancing", "above_50", "above_200", "highs_252", "lows_252")
    told = (*shares, "median_turnover", "equal_weight")
    return [
        {
            "day": day_of(found.day[row]),
            "shares": int(found.shares[row]),
            "upper_closes": int(found.upper_closes[row]),
            "lower_closes": int(found.lower_closes[row]),
            "banded": int(found.banded[row]),
            "resolved": int(resolved[row]),
            "resolved_hits": int(hits[row]),
            "strength": [
                round(float(one), _DIGITS)
                for one in found.strength[row]
                if np.isfinite(one)
            ],
        }
        | {name: _kept(getattr(found, name)[row]) for name in told}
        for row in range(len(found.day))
    ]


def _kept(value: float) -> float | None:
    return round(float(value), _DIGITS) if np.isfinite(value) else None
