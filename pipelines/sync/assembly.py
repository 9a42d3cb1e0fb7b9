"""Bars of the sessions whose files came, appended to the store; each session once.

A session is put together again when one of its files came later or came anew.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.errors import SourceError
from dexter.sources.bars import (
    Bar,
    band_changes_of,
    bands_of,
    deliveries_of,
    read_bars,
    ticks_of,
)
from dexter.sources.payload import Payload
from dexter.sources.reading import read
from dexter.store import tables as t
from dexter.store.bars import BARS
from dexter.store.collected import State, Unit, collected, tried
from dexter.store.documents import Documents
from dexter.store.keeping import keep, load_renames
from dexter.store.payloads import KeptPayload, kept_payloads
from dexter.store.price_files import (
    COMPACT_AFTER,
    append_session,
    compact,
    day_files,
    rename_bars,
)
from dexter.store.price_list import listed
from dexter.store.price_view import BarView
from dexter.store.status import OURS
from dexter.store.symbols import SymbolSpan, keep_symbols
from pipelines.ingest.intake import BSE, Intake
from pipelines.ingest.report import Progress
from pipelines.ingest.settle import scrip_codes
from pipelines.sync.datasets import PRICES
from pipelines.sync.lanes import Present
from pipelines.sync.report import SyncTally
from pipelines.sync.sessions import SERIES, Day, Key, only_on_bse, rows_of

_STAGE = "sessions"
_NSE = "NSE"
_BARS = "bars"
_BANDS = "nse bands"
_NOTHING = Payload("", "", "", b"", ())
_NO_BSE = Payload("bse delivery", "", "", b"", ())


class _Files(NamedTuple):
    """The latest file of each kind for one session, what trades ex, a hash of all."""

    day: date
    kept: Mapping[str, KeptPayload]
    factors: Mapping[str, Decimal]
    digest: str


def assemble(intake: Intake, present: Present, tally: SyncTally) -> int:
    """Put together every session that has new files; how many there were."""
    intake.refresh()
    with intake.database.write() as connection:
        latest = {**intake.renames, **scrip_codes(connection)}
        rename_bars(connection, intake.database.home, latest)
    waiting = list(_waiting(intake))
    for done, files in enumerate(waiting):
        intake.on_progress(Progress(_STAGE, done, len(waiting)))
        _session(intake, files, present(), tally)
    if waiting:
        intake.on_progress(Progress(_STAGE, len(waiting), len(waiting)))
        with intake.database.write() as connection:
            if day_files(connection) > COMPACT_AFTER:
                compact(connection, intake.database.home)
    return len(waiting)


def _waiting(intake: Intake) -> Iterator[_Files]:
    """Sessions with bars whose files are not those it was put together from."""
    with intake.database.read() as connection:
        found: dict[date, dict[str, KeptPayload]] = {}
        for name in PRICES:
            for one in kept_payloads(connection, dataset=name):
                if one.rows:
                    found.setdefault(date.fromisoformat(one.unit), {})[name] = one
        days = sorted(connection.scalars(sa.select(t.sessions.c.day)))
        acting = _acting(connection)
        following = dict(pairwise(days))
        before = {
            one.unit.unit: one.reason
            for one in collected(connection, source=OURS, dataset=_BARS)
        }
    # The list of bands that comes out on a day is in force on the next session.
    lists = {day: kept.pop(_BANDS, None) for day, kept in found.items()}
    for day, told in lists.items():
        if told is not None and day in following:
            found.setdefault(following[day], {})[_BANDS] = told
    for day in sorted(found):
        kept = found[day]
        said = ",".join(f"{name}={kept[name].sha256}" for name in sorted(kept))
        said += f",{sorted(acting.get(day, {}).items())}"
        digest = hashlib.sha256(said.encode()).hexdigest()
        if kept.keys() & {"nse bars", "bse bars"} and before.get(str(day)) != digest:
            yield _Files(day, kept, acting.get(day, {}), digest)


def _session(intake: Intake, files: _Files, at: datetime, tally: SyncTally) -> None:
    unit = Unit(OURS, _BARS, files.day.isoformat(), files.day)
    try:
        read_in = {name: _read(intake, one) for name, one in files.kept.items()}
        nse = _bars(read_in.get("nse bars"), files.day, tally)
        bse = _bars(read_in.get("bse bars"), files.day, tally)
    except SourceError as error:
        # What came was readable then; only a changed reader gets here.
        with intake.database.write() as connection:
            tried(connection, unit, State.CHANGED_SHAPE, at, reason=error.sentence)
        return
    with intake.database.write() as connection:
        if _taken_again(connection, nse, files.day):
            intake.renames = load_renames(connection)
        codes = {
            key.removeprefix(BSE): symbol
            for key, symbol in scrip_codes(connection).items()
        }
        alone = only_on_bse(bse, {bar.isin for bar in nse if bar.isin}, codes)
        known = Day(
            day=files.day,
            deliveries=_deliveries(read_in, codes),
            bands=_in_force(read_in),
            ticks=ticks_of(read_in.get("nse securities", _NOTHING)),
            factors=files.factors,
            unbanded=_unbanded(intake, connection, files),
        )
        rows = rows_of([*nse, *alone], known, intake.renames)
        if rows:
            table = pa.Table.from_pylist(rows, BARS)
            append_session(connection, intake.database.home, files.day, table)
            _keep_symbols(connection, nse, files.day)
        tried(connection, unit, State.DONE, at, rows=len(rows), reason=files.digest)
    tally.rows["bars"] += len(rows)


def _read(intake: Intake, kept: KeptPayload) -> Payload:
    content = Documents(intake.database.home).read(kept.sha256) or b""
    return read(kept.dataset, kept.unit, kept.url, content)


def _bars(payload: Payload | None, day: date, tally: SyncTally) -> tuple[Bar, ...]:
    if payload is None:
        return ()
    found = read_bars(payload, day)
    tally.remarks += [f"{payload.dataset} of {day}, {one}" for one in found.problems]
    return found.bars


def _deliveries(
    read_in: Mapping[str, Payload], codes: Mapping[str, str]
) -> dict[Key, int | None]:
    """Shares delivered, by the symbol and series that bars stand under."""
    bse = deliveries_of(read_in.get("bse delivery", _NO_BSE))
    nse = deliveries_of(read_in.get("nse delivery", _NOTHING))
    own = {
        (codes.get(code, f"{BSE}{code}"), SERIES[0]): shares
        for (code, _), shares in bse.items()
    }
    return {**own, **nse}


def _in_force(read_in: Mapping[str, Payload]) -> dict[Key, Decimal | str | None]:
    """Bands of the session: the list of the evening before, and the day's changes."""
    changes = band_changes_of(read_in.get("nse band changes", _NOTHING))
    listed_before = bands_of(read_in.get(_BANDS, _NOTHING))
    if not listed_before:
        return {}
    return {**listed_before, **{key: to for key, (_, to) in changes.items()}}


def _acting(connection: Connection) -> dict[date, dict[str, Decimal]]:
    """What trades ex by day: the product of its splits and bonuses, by company."""
    found: dict[date, dict[str, Decimal]] = {}
    a = t.actions.c
    for symbol, day, factor in connection.execute(
        sa.select(a.symbol, a.ex_date, a.factor).order_by(a.symbol, a.kind)
    ):
        mine = found.setdefault(day, {})
        mine[symbol] = mine.get(symbol, Decimal(1)) * factor
    return found


def _taken_again(connection: Connection, bars: tuple[Bar, ...], day: date) -> bool:
    """Note tickers that trade although they were renamed: somebody else has them now.

    A list of renames never says that a former ticker was given away again.
    """
    r = t.renames.c
    query = sa.select(r.old).where(r.changed_on <= day, r.new != r.old)
    former = set(connection.scalars(query))
    again = former & {bar.symbol for bar in bars if bar.series in SERIES}
    rows = [{"old": one, "new": one, "changed_on": None} for one in sorted(again)]
    keep(connection, t.renames, rows)
    return bool(again)


def _unbanded(intake: Intake, connection: Connection, files: _Files) -> frozenset[str]:
    """Who had no fixed band the session before, where a day's own list is missing."""
    c = t.traded_days.c.day
    if _BANDS in files.kept:
        return frozenset()
    before = connection.scalar(sa.select(sa.func.max(c)).where(c < files.day))
    if before is None:
        return frozenset()
    bars = BarView(intake.database.home, listed(connection)).on(before)
    return frozenset(bars.filter(bars["fno"])["canon"].to_pylist())


def _keep_symbols(connection: Connection, bars: tuple[Bar, ...], day: date) -> None:
    """Since when an ISIN trades under a ticker; an earlier day seen later counts."""
    h = t.symbol_history.c
    query = sa.select(h.isin, h.symbol, sa.func.min(h.from_day))
    known = {
        (isin, symbol): first
        for isin, symbol, first in connection.execute(
            query.where(h.exchange == _NSE).group_by(h.isin, h.symbol)
        )
    }
    shares = [bar for bar in bars if bar.series in SERIES]
    pairs = {(bar.isin, bar.symbol) for bar in shares if bar.isin}
    spans = []
    for isin, symbol in sorted(pairs):
        first = known.get((isin, symbol), date.max)
        if day < first:
            spans.append(SymbolSpan(isin, _NSE, symbol, day))
        if day < first < date.max:
            later = (h.isin == isin, h.exchange == _NSE, h.symbol == symbol)
            connection.execute(sa.delete(t.symbol_history).where(*later))
    keep_symbols(connection, spans)
