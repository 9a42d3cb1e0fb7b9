"""The cross-section of each season: what every company's results measured.

Measured on standalone figures only, with what was public when the results came out.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.domain.company import Family
from dexter.domain.filing import Basis
from dexter.domain.moment import IST, AsOf
from dexter.domain.period import Quarter
from dexter.domain.results import QuarterFigures
from dexter.features import growth, margins, surprises
from dexter.features.bars import bars_of
from dexter.features.figures import figures_of
from dexter.features.known import Asked, Sources, see
from dexter.features.moments import moment_number, quarter_number, whole
from dexter.features.stories import stories_of
from dexter.store import tables as t
from dexter.store.database import set_note
from dexter.store.filings import candidates, every_candidate
from dexter.store.keeping import Row, keep
from pipelines.ingest.intake import UNSETTLED, Intake
from pipelines.ingest.report import Progress

_CHUNK = 400
_EVERYTHING = AsOf(datetime(9000, 1, 1, tzinfo=IST), explicit=True)
_FEW = 50
"""Up to so many companies are read one by one, more in one reading of the home."""

_MEASURED = {
    "sue": "sue",
    "revenue_growth": "revenue_yoy",
    "profit_growth": "profit_yoy",
    "margin_change": "net_margin_change",
    "quality": "quality",
}
"""Columns of a season peer by the features that fill them."""

Figures = Sequence[QuarterFigures]


def measure_seasons(intake: Intake) -> None:
    """Measure the events of every company the import touched, one transaction."""
    touched = sorted(intake.tally.touched)
    intake.on_progress(Progress("seasons", 0, len(touched)))
    with intake.database.write() as connection:
        families = dict(
            connection.execute(
                sa.select(t.companies.c.symbol, t.companies.c.family)
            ).all()
        )
        rows = list(season_peers(_versions(connection, touched), families))
        for start in range(0, len(touched), _CHUNK):
            some = touched[start : start + _CHUNK]
            mine = t.season_peers.c.symbol.in_(some)
            connection.execute(sa.delete(t.season_peers).where(mine))
        keep(connection, t.season_peers, rows)
        intake.tally.rows["season measures"] += len(rows)
        set_note(connection, UNSETTLED, "no")
    intake.on_progress(Progress("seasons", len(touched), len(touched)))


def _versions(connection: Connection, touched: Sequence[str]) -> dict[str, Figures]:
    if len(touched) <= _FEW:
        return {s: candidates(connection, s, _EVERYTHING) for s in touched}
    everyone = every_candidate(connection, _EVERYTHING)
    return {symbol: everyone.get(symbol, []) for symbol in touched}


def season_peers(
    versions: Mapping[str, Figures], families: Mapping[str, str | None]
) -> Iterator[Row]:
    """A row of ``season_peers`` for each first publication of a quarter."""
    firsts = [
        (company, symbol, figures, published)
        for company, (symbol, mine) in enumerate(versions.items())
        for figures, published in _firsts(mine)
    ]
    if not firsts:
        return
    sources = Sources(
        bars=bars_of([None] * len(versions)),
        indices={},
        market=None,
        figures=figures_of([*versions.values()], Basis.STANDALONE),
        stories=stories_of([()] * len(versions)),
    )
    asked = Asked(
        company=whole(company for company, *_ in firsts),
        moment=whole(moment_number(published) for *_, published in firsts),
        quarter=whole(quarter_number(figures.quarter) for _, _, figures, _ in firsts),
    )
    known = see(sources, asked)
    columns = margins.compute(known) | growth.compute(known) | surprises.compute(known)
    measured = {field: columns[name] for field, name in _MEASURED.items()}
    there = known.quarters.there[:, 0]
    for place, (_, symbol, figures, published) in enumerate(firsts):
        if there[place]:  # a quarter told under a wrong date is no result
            yield {
                "symbol": symbol,
                "period_end": figures.period_end,
                "family": families.get(symbol) or str(Family.GENERAL),
                "published_at": published,
                **{
                    field: None if column.why[place] else float(column.values[place])
                    for field, column in measured.items()
                },
            }


def _firsts(versions: Figures) -> Iterator[tuple[QuarterFigures, datetime]]:
    """The first standalone figures of each quarter, and when the later date was."""
    first: dict[Quarter, tuple[QuarterFigures, datetime]] = {}
    for figures in versions:
        if figures.basis is Basis.STANDALONE and figures.known_at is not None:
            held = first.get(figures.quarter)
            if held is None or figures.known_at < (
                held[0].known_at or figures.known_at
            ):
                published = max(figures.known_at, figures.published_at or _LONG_AGO)
                first[figures.quarter] = figures, published
    yield from first.values()


_LONG_AGO = datetime(1900, 1, 1, tzinfo=IST)
