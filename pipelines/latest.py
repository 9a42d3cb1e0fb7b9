"""The features of every company at one moment, a session at a time.

What recursive indicators came to is kept in the home after each computation, so that
the next day's folds one more session of each company and reads no more bars than the
longest window needs. A computation anew gives the same to the last bit.
"""

import io
import os
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from dexter.domain.filing import Basis
from dexter.domain.moment import AsOf, bar_known_at
from dexter.domain.period import Quarter
from dexter.errors import HomeUnwritableError, UnsavableError
from dexter.features.bars import WINDOW
from dexter.features.catalogue import catalogue_hash
from dexter.features.columns import Array, Whole
from dexter.features.figures import Figures
from dexter.features.known import Asked, see, windows
from dexter.features.matrix import FeatureMatrix, build_matrix
from dexter.features.moments import (
    day_number,
    day_of,
    moment_number,
    quarter_number,
    quarter_of,
)
from dexter.features.momentum import STATE, Held, fold
from dexter.store.database import Database
from pipelines.featurize import World, world_of
from pipelines.panel import Part

LOOK_BACK = timedelta(days=640)
"""Calendar days that hold the longest window of bars of a share that trades often; of
the others every bar is read."""

FILE = "features/momentum.npz"


@dataclass(frozen=True, slots=True)
class Latest:
    """Every company that traded lately, by symbol, and its features."""

    symbols: tuple[str, ...]
    asked: Asked
    matrix: FeatureMatrix


@dataclass(frozen=True, slots=True)
class Kept:
    """Where companies were left after a session (a day), and by which definitions.

    ``since`` is the day of the oldest bar a window may still read, of each company.
    """

    day: int
    catalogue: str
    symbols: tuple[str, ...]
    since: Whole
    states: Array

    @property
    def first_day(self) -> date:
        """From which day on bars of most companies are needed."""
        return day_of(self.day) - LOOK_BACK

    @property
    def rare(self) -> set[str]:
        """Companies whose windows reach back further than that."""
        early = self.since < day_number(self.first_day)
        return {self.symbols[at] for at in np.flatnonzero(early)}


def latest(
    database: Database,
    as_of: AsOf,
    basis: Basis = Basis.STANDALONE,
    *,
    hindsight: bool = False,
) -> Latest:
    """Every company's features at a moment, going on from what is kept.

    Args:
        database: An open home.
        as_of: The moment; what was kept for a later one is left alone.
        basis: The one basis figures are taken on.
        hindsight: Whether tones of a model count before the model gave them.

    Raises:
        StoreError: database or prices do not read.
        HomeUnwritableError: where companies were left cannot be kept.
    """
    kept = read(database.home, as_of)
    reading = partial(_world, database, as_of, basis, hindsight=hindsight)
    world = reading(kept)
    held = None if kept is None else held_of(kept, world)
    if kept is not None and held is None:
        # A bar of before was corrected, or a split told late: begin anew.
        kept, world = None, reading(None)
    sources = replace(world.sources, held=held)
    everyone = np.arange(sources.bars.companies)
    moment = np.full(len(everyone), moment_number(as_of.moment))
    quarter = newest_quarters(sources.figures, len(everyone), as_of)
    asked = Asked(everyone, moment, quarter)
    living = see(sources, asked).sessions > 0
    keep(database.home, _left(asked, world, held))
    chosen = Asked(everyone[living], moment[living], quarter[living])
    names = tuple(world.companies)
    return Latest(
        tuple(names[company] for company in chosen.company),
        chosen,
        build_matrix(sources, chosen),
    )


def save(found: Latest, moment: datetime, path: Path) -> None:
    """Write a table: one row a company, one column a feature, null where absent.

    Raises:
        UnsavableError: the file cannot be written.
    """
    columns: dict[str, pa.Array] = {
        "symbol": pa.array(found.symbols),
        "as_of": pa.array([moment] * len(found.symbols)),
        "period_end": pa.array([quarter_of(q).end for q in found.asked.quarter]),
    }
    for name, column in found.matrix.columns.items():
        columns[name] = pa.array(column.values, mask=column.why > 0)
    digest = {"catalogue_hash": catalogue_hash()}
    try:
        pq.write_table(pa.table(columns).replace_schema_metadata(digest), path)
    except OSError as error:
        raise UnsavableError(path, error.strerror or str(error)) from error


def newest_quarters(figures: Figures, companies: int, as_of: AsOf) -> Whole:
    """Each company's newest quarter with figures; without any, the one just ended."""
    found = np.full(companies, quarter_number(Quarter.ended_before(as_of.day)))
    seen = figures.known_at <= moment_number(as_of.moment)
    owner, quarter = figures.company[seen], figures.quarter[seen]
    newest = np.full(companies, -1)
    np.maximum.at(newest, owner, quarter)
    return np.where(newest >= 0, newest, found)


def held_of(kept: Kept, world: World) -> Held | None:
    """Where each company of a world goes on, or none where its past is another one."""
    bars = world.sources.bars
    row = np.empty(bars.companies, dtype=np.int64)
    states = np.zeros((bars.companies, STATE))
    place = {symbol: at for at, symbol in enumerate(kept.symbols)}
    for company, symbol in enumerate(world.companies):
        start, end = int(bars.starts[company]), int(bars.starts[company + 1])
        row[company] = start + np.searchsorted(
            bars.day[start:end], kept.day, side="right"
        )
        at = place.get(symbol)
        if at is not None:
            states[company] = kept.states[at]
    before = row - 1
    has = before >= bars.starts[:-1]
    # A state remembers the last close it has seen.
    same = states[has, 1] == bars.close[before[has]]
    return Held(row, states) if bool(same.all()) else None


def read(home: Path, as_of: AsOf) -> Kept | None:
    """What was kept for a session before a moment, if it is of these definitions."""
    try:
        with (home / FILE).open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            kept = Kept(
                day=int(file["day"]),
                catalogue=str(file["catalogue"]),
                symbols=tuple(file["symbols"].tolist()),
                since=file["since"],
                states=file["states"],
            )
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None
    known = bar_known_at(day_of(kept.day)) < as_of.moment
    return kept if known and kept.catalogue == catalogue_hash() else None


def keep(home: Path, kept: Kept) -> None:
    """Keep where companies were left, whole or not at all; the later session stays."""
    path = home / FILE
    part = path.with_suffix(f".part-{os.getpid()}")
    content = io.BytesIO()
    np.savez(
        content,
        day=np.array(kept.day),
        catalogue=np.array(kept.catalogue),
        symbols=np.array(kept.symbols),
        since=kept.since,
        states=kept.states,
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content.getvalue())
        part.replace(path)
    except OSError as error:
        raise HomeUnwritableError(path, error.strerror or str(error)) from error


def _world(
    database: Database,
    as_of: AsOf,
    basis: Basis,
    kept: Kept | None,
    *,
    hindsight: bool,
) -> World:
    part = None if kept is None else Part(kept.first_day, kept.rare)
    return world_of(database, as_of.day, basis, part=part, hindsight=hindsight)


def _left(asked: Asked, world: World, held: Held | None) -> Kept:
    bars = world.sources.bars
    first, end = windows(bars, asked)
    if held is None:
        _, states = fold(bars, first, end)
    else:
        _, states = held.momentum(bars, asked.company, end)
    last = bars.day[np.maximum(end - 1, 0)][end > first]
    oldest = np.minimum(np.maximum(first, end - WINDOW), len(bars) - 1)
    return Kept(
        day=int(last.max(initial=0)),
        catalogue=catalogue_hash(),
        symbols=tuple(world.companies),
        since=bars.day[oldest],
        states=states,
    )
