"""The cross-section of each season: what every company's results measured.

Measured on standalone figures only, with what was public when the results came out.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.domain.company import Family
from dexter.domain.filing import Basis
from dexter.domain.moment import IST, AsOf
from dexter.domain.results import QuarterFigures
from dexter.features.earnings import measure
from dexter.store import tables as t
from dexter.store.database import set_note
from dexter.store.figures import best
from dexter.store.filings import candidates
from dexter.store.keeping import Row, keep
from pipelines.ingest.intake import UNSETTLED, Intake
from pipelines.ingest.report import Progress

_TELL_EVERY = 100
_CHUNK = 400
_FAR = datetime(9000, 1, 1, tzinfo=IST)


def measure_seasons(intake: Intake) -> None:
    """Measure the events of every company the import touched, one transaction."""
    touched = sorted(intake.tally.touched)
    with intake.database.write() as connection:
        families = dict(
            connection.execute(
                sa.select(t.companies.c.symbol, t.companies.c.family)
            ).all()
        )
        rows: list[Row] = []
        for done, symbol in enumerate(touched):
            if done % _TELL_EVERY == 0:
                intake.on_progress(Progress("seasons", done, len(touched)))
            family = families.get(symbol) or str(Family.GENERAL)
            rows.extend(_peers(connection, symbol, family))
        for start in range(0, len(touched), _CHUNK):
            some = touched[start : start + _CHUNK]
            mine = t.season_peers.c.symbol.in_(some)
            connection.execute(sa.delete(t.season_peers).where(mine))
        keep(connection, t.season_peers, rows)
        intake.tally.rows["season measures"] += len(rows)
        set_note(connection, UNSETTLED, "no")
    intake.on_progress(Progress("seasons", len(touched), len(touched)))


def _peers(connection: Connection, symbol: str, family: str) -> Iterator[Row]:
    everything = AsOf(_FAR, explicit=True)
    known = [
        figures
        for figures in candidates(connection, symbol, everything)
        if figures.basis is Basis.STANDALONE and figures.known_at is not None
    ]
    first: dict[object, QuarterFigures] = {}
    for figures in sorted(known, key=_known_at):
        first.setdefault(figures.quarter, figures)
    for figures in first.values():
        published = max(m for m in (figures.known_at, figures.published_at) if m)
        visible = best(known, AsOf(published, explicit=True))
        found = measure(visible, figures.quarter, Basis.STANDALONE)
        yield {
            "symbol": symbol,
            "period_end": figures.period_end,
            "family": family,
            "published_at": published,
            "sue": _real(found.sue),
            "revenue_growth": _real(found.revenue_yoy),
            "profit_growth": _real(found.profit_yoy),
            "margin_change": _real(found.net_margin_change),
            "quality": _real(found.quality),
        }


def _known_at(figures: QuarterFigures) -> datetime:
    return figures.known_at or _FAR


def _real(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
