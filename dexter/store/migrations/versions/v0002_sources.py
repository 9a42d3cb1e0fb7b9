"""What came from where and when, what is still wanted, and bars by session."""

import sqlalchemy as sa
from alembic import op

from dexter.store.migrations.columns import column, key, maybe

revision = "0002"
down_revision = "0001"

# As kept: moments and days as text of fixed width, amounts as printed.
MOMENT, DAY = sa.String(32), sa.String(10)
TEXT, NUMBER = sa.Text(), sa.Integer()


def upgrade() -> None:
    """Add the tables of sources and of price files."""
    _collected()
    _kept()


def _collected() -> None:
    op.create_table(
        "payloads",
        key("source", sa.String(32)),
        key("dataset", sa.String(64)),
        key("unit", sa.String(128)),
        key("sha256", sa.String(64)),
        column("url", TEXT),
        column("fetched_at", MOMENT),
        maybe("rows", NUMBER),
        column("outcome", sa.String(24)),
    )
    op.create_table(
        "collections",
        key("source", sa.String(32)),
        key("dataset", sa.String(64)),
        key("unit", sa.String(128)),
        maybe("day", DAY),
        column("state", sa.String(24)),
        maybe("rows", NUMBER),
        maybe("reason", TEXT),
        column("attempts", NUMBER),
        maybe("tried_at", MOMENT),
        maybe("succeeded_at", MOMENT),
    )
    op.create_index("ix_collections_state", "collections", ["state"])
    op.create_table(
        "wanted",
        key("url", sa.String(512)),
        key("symbol", sa.String(64)),
        column("kind", sa.String(24)),
        column("seen_at", MOMENT),
        maybe("known_at", MOMENT),
        column("state", sa.String(16)),
        maybe("sha256", sa.String(64)),
        column("attempts", NUMBER),
        maybe("tried_at", MOMENT),
        maybe("reason", TEXT),
    )
    op.create_index("ix_wanted_state", "wanted", ["state", "known_at"])


def _kept() -> None:
    op.create_table(
        "symbol_history",
        key("isin", sa.String(12)),
        key("exchange", sa.String(8)),
        key("symbol", sa.String(64)),
        key("from_day", DAY),
        maybe("to_day", DAY),
        maybe("known_at", MOMENT),
    )
    op.create_index(
        "ix_symbol_history_symbol", "symbol_history", ["exchange", "symbol"]
    )
    op.create_table(
        "price_files",
        key("name", sa.String(128)),
        column("number", NUMBER),
        column("layout", sa.String(16)),
        column("first_day", DAY),
        column("last_day", DAY),
        column("rows", NUMBER),
        column("state", sa.String(16)),
    )
