"""Market tables (Parquet) into the store: one transaction a file."""

from collections.abc import Callable

import pyarrow as pa
from sqlalchemy.engine import Connection

from pipelines.ingest import market_lists, market_prices, market_results
from pipelines.ingest.intake import Intake, SourceFile
from pipelines.ingest.report import Progress
from pipelines.ingest.shapes import SHAPES, Shape, read_shape, shape_of

Taker = Callable[[Intake, Connection, SourceFile, pa.Table], int]

_TAKERS: dict[str, Taker] = {
    "symbol changes": market_lists.symbol_changes,
    "companies": market_lists.companies,
    "prices": market_prices.prices,
    "splits and bonuses": market_prices.splits,
    "filings list": market_lists.filings_list,
    "earnings events": market_results.earnings_events,
    "quarterly results": market_results.quarterly_results,
    "announcements": market_lists.announcements,
    "index closes": market_prices.index_closes,
    "india vix": market_prices.india_vix,
    "trading calendar": market_prices.trading_calendar,
    "deals": market_lists.deals,
}


def import_tables(intake: Intake, files: list[SourceFile]) -> None:
    """Take in every Parquet file that is recognised, each whole or not at all."""
    known = sorted(_recognised(intake, files), key=lambda pair: _order(pair[0]))
    for done, (shape, file) in enumerate(known):
        intake.on_progress(Progress(f"market: {shape.kind}", done, len(known)))
        try:
            table = read_shape(file.path, shape)
        except (OSError, pa.ArrowInvalid) as error:
            intake.tally.fault(file.name, f"does not read as Parquet ({_line(error)})")
            continue
        with intake.database.write() as connection:
            rows = _TAKERS[shape.kind](intake, connection, file, table)
            intake.took(connection, file, shape.kind, rows)
        intake.counted(shape.kind, rows)
        if shape.kind in {"symbol changes", "prices"}:
            intake.refresh()


def _recognised(
    intake: Intake, files: list[SourceFile]
) -> list[tuple[Shape, SourceFile]]:
    found: list[tuple[Shape, SourceFile]] = []
    for file in files:
        try:
            shape = shape_of(file.path)
        except (OSError, pa.ArrowInvalid) as error:
            intake.tally.fault(file.name, f"is not Parquet ({_line(error)})")
            continue
        if shape is None:
            intake.tally.files["not recognised"] += 1
            intake.tally.ignored.append(file.name)
        else:
            found.append((shape, file))
    return found


def _order(shape: Shape) -> int:
    return SHAPES.index(shape)


def _line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
