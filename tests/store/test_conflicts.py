"""Differences as kept: replaced by a new audit, visible when both sides are."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from dexter.domain.filing import Basis
from dexter.domain.period import Quarter
from dexter.domain.reconciliation import Difference, DifferenceKind, Side
from dexter.domain.statement import Cell, ColumnRole, Item, Method, Unit
from dexter.store.conflicts import (
    counts,
    differences_of,
    forget_differences,
    no_counts,
    replace_differences,
)
from dexter.store.database import Database
from tests.store.conftest import at, ist

JUNE = date(2024, 6, 30)


def side(sha256: str, value: str, known: str | None) -> Side:
    return Side(
        sha256=sha256,
        document=f"{sha256}.pdf",
        xbrl=False,
        url=None,
        known_at=ist(known) if known else None,
        speaks_of=JUNE,
        role=ColumnRole.CURRENT,
        unit=Unit.LAKH,
        cell=Cell(Decimal(value), value, Method.OCR, page=2, bbox=(1, 2, 3, 4)),
        value=Decimal(value) * 100_000,
    )


ONE = Difference(
    kind=DifferenceKind.RESTATED,
    basis=Basis.STANDALONE,
    period_end=JUNE,
    months=3,
    item=Item.NET_PROFIT,
    first=side("a", "12.30", "2024-08-01T18:00"),
    second=side("b", "12.40", "2025-08-01T18:00"),
)


def test_both_sides_come_back_as_they_were_written(database: Database) -> None:
    with database.write() as connection:
        replace_differences(connection, "BORO", [ONE], compared=9)
        found = differences_of(connection, "BORO", at("2026-01-01T00:00"))
        again = differences_of(
            connection, "BORO", at("2026-01-01T00:00"), Quarter(2025, 1)
        )
        other = differences_of(
            connection, "BORO", at("2026-01-01T00:00"), Quarter(2025, 2)
        )
    assert found == again == (ONE,)
    assert str(found[0].first.cell.value) == "12.30"
    assert other == ()


def test_a_difference_shows_once_both_filings_are_public(database: Database) -> None:
    undated = replace(ONE, months=6, second=side("c", "1", None))
    with database.write() as connection:
        replace_differences(connection, "BORO", [ONE, undated], compared=2)
        early = differences_of(connection, "BORO", at("2025-01-01T00:00"))
        late = differences_of(connection, "BORO", at("2026-01-01T00:00"))
        anyhow = at("2026-01-01T00:00", explicit=False)
        everything = differences_of(connection, "BORO", anyhow)
    assert (early, late, everything) == ((), (ONE,), (ONE, undated))


def test_a_new_audit_takes_the_place_of_the_old_one(database: Database) -> None:
    with database.write() as connection:
        replace_differences(connection, "BORO", [ONE], compared=9)
        replace_differences(connection, "AVEL", [ONE], compared=5)
        replace_differences(connection, "BORO", [], compared=10)
        assert counts(connection) == {
            "compared": 15,
            "agreed": 14,
            "restated": 1,
            "revised": 0,
            "disagrees": 0,
            "year_to_date": 0,
        }
        for symbol in ("AVEL", "BORO"):
            forget_differences(connection, symbol)
        assert counts(connection) == no_counts()


def test_a_home_of_an_earlier_dexter_gets_the_new_tables(database: Database) -> None:
    with database.write() as connection:
        for name in ("conflicts", "audits", "identities", "document_names"):
            connection.exec_driver_sql(f"DROP TABLE {name}")
    again = Database.open(database.home)
    with again.read() as connection:
        assert counts(connection) == no_counts()
    again.close()
