"""Prices: a market table kept, a symbol and a session read, beside plain tools.

The peers work on the same Parquet in the same run: DuckDB in the bench's own
environment, and pyarrow by itself. They are asked for less: nothing is checked, no
former ticker, split, later session or correction is looked for. Without real prices a
made-up table of the same size stands in.
"""

import asyncio
import json
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.contest import Entrant, Worker
from bench.tables import ROOT, Part, Target, table
from dexter.domain.moment import IST, AsOf
from dexter.store.bars import ALWAYS
from dexter.store.database import Database
from dexter.store.price_files import append_session
from dexter.store.price_list import BY_SESSION, BY_SYMBOL, listed
from dexter.store.prices import ParquetPrices
from pipelines.ingest.intake import Intake, SourceFile
from pipelines.ingest.market_prices import prices as keep_prices
from pipelines.ingest.shapes import SHAPES, read_shape

REAL = ROOT.parent / "shared" / "data" / "market" / "prices.parquet"
SYMBOLS, DAYS = 1_700, 1_940
"""Of the made-up table: 3.3 million bars."""
ROUNDS = 3
READS = 200
DAY_FILES = 20
SESSIONS = 250
IMPORT, SYMBOL, SESSION = "import", "symbol", "session"
OURS, DUCK, ARROW = "dexter", "DuckDB", "pyarrow by itself"
RECENT = f"dexter, {DAY_FILES} sessions appended"
_PEER = ROOT / ".venv" / "bench" / "bin" / "python"

# One loop for all questions, as in a run.
_LOOP = asyncio.Runner()

Taken = dict[tuple[str, str], list[float]]
Question = tuple[str, date]


def measure(folder: Path) -> Part:
    """Import in turns, then ask all of them the same questions in turn.

    Raises:
        FileNotFoundError: the bench's environment is not set up.
    """
    if not _PEER.exists():
        msg = "DuckDB is not installed: run `make .venv/.ready-bench`"
        raise FileNotFoundError(msg)
    source = REAL if REAL.exists() else _made_up(folder / "prices.parquet")
    taken: Taken = {}
    home = folder / "home"
    _write_asked(folder, {"source": str(source)})
    with Worker(Entrant(DUCK, "duck", IMPORT, _PEER), folder) as duck:
        for turn in range(ROUNDS):
            home = folder / f"home-{turn}"
            _timed(taken, OURS, IMPORT, partial(_import, source, home))
            taken.setdefault((DUCK, IMPORT), []).append(duck.run(turn))
            _timed(taken, ARROW, IMPORT, partial(_rewrite, source, folder))
    database = Database.open(home)
    try:
        _reads(taken, database, folder)
    finally:
        database.close()
    rows = pq.read_metadata(source).num_rows
    return Part("prices", _figures(taken, rows), _targets(taken))


def _timed(taken: Taken, who: str, what: str, work: Callable[[], object]) -> None:
    began = perf_counter()
    said = work()
    taken.setdefault((who, what), []).append(perf_counter() - began)
    if what != IMPORT and not said:
        msg = f"{who} found no {what}"
        raise LookupError(msg)


def _import(source: Path, home: Path) -> None:
    """Everything an import of the table does: checks, tickers, splits, two layouts."""
    database = Database.open(home)
    shape = next(one for one in SHAPES if one.kind == "prices")
    intake = Intake(database, lambda _: None, None)
    file = SourceFile(source, source.name, "0" * 64)
    with database.write() as connection:
        keep_prices(intake, connection, file, read_shape(source, shape))
    database.close()


def _rewrite(source: Path, folder: Path) -> None:
    read = pq.read_table(source)
    for keys in (("canon", "date"), ("date", "canon")):
        ordered = read.sort_by([(key, "ascending") for key in keys])
        pq.write_table(ordered, folder / "plain.parquet", compression="snappy")


def _reads(taken: Taken, database: Database, folder: Path) -> None:
    with database.read() as connection:
        names = {one.layout: one.name for one in listed(connection)}
    paths = {layout: database.home / "prices" / name for layout, name in names.items()}
    questions = _questions(paths[BY_SYMBOL])
    said: dict[str, object] = {k: str(path) for k, path in paths.items()}
    said["questions"] = [(symbol, day.isoformat()) for symbol, day in questions]
    _write_asked(folder, {**said, "sessions": SESSIONS})
    ours = ParquetPrices(database)
    _ask(taken, OURS, ours, questions[0])
    taken[OURS, SYMBOL].clear()
    taken[OURS, SESSION].clear()
    with ExitStack() as stack:
        ducks = {
            what: stack.enter_context(
                Worker(Entrant(DUCK, "duck", what, _PEER), folder)
            )
            for what in (SYMBOL, SESSION)
        }
        for number, (symbol, day) in enumerate(questions):
            _ask(taken, OURS, ours, (symbol, day))
            for what, duck in ducks.items():
                taken.setdefault((DUCK, what), []).append(duck.run(number))
            filters: dict[str, list[tuple[str, str, object]]] = {
                SYMBOL: [("canon", "=", symbol), ("date", "<=", day)],
                SESSION: [("date", "=", day)],
            }
            for what, layout in ((SYMBOL, BY_SYMBOL), (SESSION, BY_SESSION)):
                plain = partial(_plain, paths[layout], filters[what])
                _timed(taken, ARROW, what, plain)
    _append(database, ours, questions)
    for question in questions:
        _ask(taken, RECENT, ours, question)


def _ask(taken: Taken, who: str, ours: ParquetPrices, question: Question) -> None:
    symbol, day = question
    moment = AsOf(datetime.combine(day, time(21), IST), explicit=True)
    run = _LOOP.run
    _timed(taken, who, SYMBOL, lambda: run(ours.history(symbol, moment, SESSIONS)))
    _timed(taken, who, SESSION, lambda: run(ours.session(day, moment)))


def _plain(path: Path, filters: list[tuple[str, str, object]]) -> object:
    return pq.read_table(path, filters=filters).to_pylist()[-SESSIONS:]


def _questions(path: Path) -> list[Question]:
    """Some symbols, each on a session it traded."""
    bars = pq.read_table(path, columns=["canon", "date"])
    chosen = random.Random(7).sample(range(bars.num_rows), READS)  # noqa: S311 - a choice, not a secret
    return [(bars["canon"][at].as_py(), bars["date"][at].as_py()) for at in chosen]


def _append(
    database: Database, ours: ParquetPrices, questions: Sequence[Question]
) -> None:
    """The last bars again, as sessions that came in one by one since."""
    last = max(ours.bars_by_day())
    moment = AsOf(datetime.combine(last, time(18), IST), explicit=True)
    found = _LOOP.run(ours.session(last, moment))
    if found is None:
        raise LookupError(last)
    named = {"canon": "symbol", "fno": "no_band"}
    columns = {
        name: getattr(found, named.get(name, name)) for name in ALWAYS if name != "date"
    }
    for number in range(DAY_FILES):
        day = last + timedelta(days=number + 1)
        bars = pa.table({**columns, "date": [day] * len(found)})
        with database.write() as connection:
            append_session(connection, database.home, day, bars)
    _LOOP.run(ours.history(questions[0][0], moment, SESSIONS))


def _made_up(path: Path) -> Path:
    """A walk for each symbol, as a market table."""
    rng = np.random.default_rng(7)
    days = np.arange("2017-07-03", "2027-01-01", dtype="datetime64[D]")
    days = days[np.is_busday(days)][:DAYS]
    close = 100 * np.exp(rng.normal(0, 0.02, (SYMBOLS, DAYS)).cumsum(axis=1))
    base = np.roll(close, 1, axis=1)
    base[:, 0] = close[:, 0]
    names = np.repeat([f"MADEUP{n:04d}" for n in range(SYMBOLS)], DAYS)
    volume = rng.integers(100, 1_000_000, close.size)
    columns = {
        "date": np.tile(days, SYMBOLS),
        "symbol": names,
        "canon": names,
        "open": base.ravel(),
        "high": np.maximum(close, base).ravel(),
        "low": np.minimum(close, base).ravel(),
        "close": close.ravel(),
        "base_prev": base.ravel(),
        "adj": np.ones(close.size, np.float32),
        "volume": volume,
        "turnover_lacs": volume * close.ravel() / 100_000,
        "fno": np.zeros(close.size, bool),
        "uc_band": np.zeros(close.size, np.int8),
    }
    pq.write_table(pa.table(columns), path)
    return path


def _write_asked(folder: Path, asked: Mapping[str, object]) -> None:
    (folder / "asked.json").write_text(json.dumps(asked), encoding="utf-8")


def _figures(taken: Taken, rows: int) -> str:
    head = (
        "",
        f"import of {rows:,} bars, s",
        f"{SESSIONS} bars of a symbol, ms p50 / p95",
        "all bars of a session, ms p50 / p95",
    )
    lines = []
    for who in (OURS, RECENT, DUCK, ARROW):
        seconds = taken.get((who, IMPORT))
        lines.append(
            (
                who,
                f"{median(seconds):.1f}" if seconds else "",
                _spread(taken[who, SYMBOL]),
                _spread(taken[who, SESSION]),
            )
        )
    return table(head, lines)


def _spread(seconds: Sequence[float]) -> str:
    return f"{median(seconds) * 1000:.1f} / {quantiles(seconds, n=20)[18] * 1000:.1f}"


def _targets(taken: Taken) -> tuple[Target, ...]:
    def ms(who: str, what: str) -> float:
        return median(taken[who, what]) * 1000

    def ratio(what: str, peer: str) -> float:
        pairs = zip(taken[OURS, what], taken[peer, what], strict=True)
        return median(a / b for a, b in pairs)

    return (
        Target("import", 10, median(taken[OURS, IMPORT]), "s"),
        Target("import / DuckDB, both orders", 3, ratio(IMPORT, DUCK)),
        Target("one symbol as of a date, p50", 5, ms(OURS, SYMBOL), "ms"),
        Target("the same after 20 sessions, p50", 5, ms(RECENT, SYMBOL), "ms"),
        Target("one symbol / DuckDB", 1, ratio(SYMBOL, DUCK)),
        Target("one session, p50", 50, ms(OURS, SESSION), "ms"),
        Target("one session / DuckDB", 1, ratio(SESSION, DUCK)),
    )
