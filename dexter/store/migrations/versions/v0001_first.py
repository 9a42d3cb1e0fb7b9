"""The schema of the first homes.

Homes of this schema that an early dexter made may lack its later tables, so whatever is
there already stays as it is.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from dexter.store.migrations.columns import column, key, maybe

revision = "0001"
down_revision = None

# As kept: moments and days as text of fixed width, amounts as printed.
MOMENT, DAY, EXACT = sa.String(32), sa.String(10), sa.String(64)
TEXT, NUMBER, REAL = sa.Text(), sa.Integer(), sa.Float()


def upgrade() -> None:
    """Create what is not there."""
    _notes()
    _companies()
    _documents()
    _statements()
    _events()
    _market()


def _table(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(name, *columns, if_not_exists=True)


def _index(name: str, table: str, columns: list[str]) -> None:
    op.create_index(name, table, columns, if_not_exists=True)


def _notes() -> None:
    _table(
        "meta",
        key("name", sa.String(64)),
        column("value", TEXT),
    )
    _table(
        "imports",
        key("sha256", sa.String(64)),
        key("name", sa.String(512)),
        column("kind", sa.String(64)),
        column("rows", NUMBER),
        column("state", sa.String(16)),
        maybe("reason", TEXT),
        maybe("imported_at", MOMENT),
    )
    _table(
        "run_heads",
        key("run_id", sa.String(64)),
        column("events", NUMBER),
        column("head", sa.String(64)),
        maybe("report_sha256", sa.String(64)),
    )


def _companies() -> None:
    _table(
        "names",
        key("symbol", sa.String(64)),
        key("name", sa.String(255)),
        key("source", sa.String(64)),
        key("isin", sa.String(12)),
        key("family", sa.String(16)),
        column("rank", NUMBER),
        maybe("bse_code", sa.String(12)),
    )
    _table(
        "renames",
        key("old", sa.String(64)),
        column("new", sa.String(64)),
        maybe("changed_on", DAY),
    )
    _table(
        "companies",
        key("symbol", sa.String(64)),
        column("name", TEXT),
        maybe("isin", sa.String(12)),
        maybe("bse_code", sa.String(12)),
        maybe("family", sa.String(16)),
        column("aliases", TEXT),
    )


def _documents() -> None:
    _table(
        "publications",
        key("base_name", sa.String(255)),
        key("symbol", sa.String(64)),
        key("published_at", MOMENT),
        key("basis", sa.String(16)),
        key("source", sa.String(64)),
        maybe("period_end", DAY),
        maybe("url", TEXT),
        maybe("subject", TEXT),
    )
    _index("ix_publications_period", "publications", ["symbol", "period_end"])
    _table(
        "filings",
        key("sha256", sa.String(64)),
        column("name", TEXT),
        column("base_name", sa.String(255)),
        column("kind", sa.String(24)),
        maybe("own_symbol", sa.String(64)),
        maybe("symbol", sa.String(64)),
        maybe("company", TEXT),
        maybe("known_at", MOMENT),
        maybe("known_at_reason", TEXT),
        maybe("url", TEXT),
        column("status", sa.String(16)),
        maybe("reason", TEXT),
        maybe("subject", TEXT),
        column("flags", TEXT),
    )
    _index("ix_filings_base_name", "filings", ["base_name"])
    _index("ix_filings_symbol", "filings", ["symbol"])
    _table(
        "document_names",
        key("sha256", sa.String(64)),
        key("base_name", sa.String(255)),
        column("name", TEXT),
    )
    _index("ix_document_names_base_name", "document_names", ["base_name"])
    _table(
        "identities",
        key("sha256", sa.String(64)),
        column("body", TEXT),
    )


def _statements() -> None:
    _table(
        "statements",
        key("sha256", sa.String(64)),
        key("ordinal", NUMBER),
        maybe("period_end", DAY),
        maybe("basis", sa.String(16)),
        column("status", sa.String(16)),
        column("grade", sa.String(16)),
        column("body", TEXT),
    )
    _table(
        "figures",
        key("symbol", sa.String(64)),
        key("period_end", DAY),
        key("basis", sa.String(16)),
        key("known_at", MOMENT),
        maybe("published_at", MOMENT),
        maybe("revenue", EXACT),
        maybe("net_profit", EXACT),
        maybe("eps", EXACT),
        column("document", TEXT),
        column("sha256", sa.String(64)),
        column("row", TEXT),
        maybe("url", TEXT),
        column("origin", sa.String(64)),
    )
    _table(
        "conflicts",
        key("symbol", sa.String(64)),
        key("basis", sa.String(16)),
        key("period_end", DAY),
        key("months", NUMBER),
        key("item", sa.String(64)),
        key("first_sha256", sa.String(64)),
        key("second_sha256", sa.String(64)),
        column("kind", sa.String(16)),
        column("body", TEXT),
    )
    _index("ix_conflicts_second", "conflicts", ["second_sha256"])
    _table(
        "audits",
        key("symbol", sa.String(64)),
        column("compared", NUMBER),
        column("agreed", NUMBER),
    )
    _table(
        "readings",
        key("sha256", sa.String(64)),
        key("ordinal", NUMBER),
        column("body", TEXT),
    )
    _table(
        "reviews",
        key("sha256", sa.String(64)),
        key("number", NUMBER),
        column("chain", NUMBER),
        maybe("ordinal", NUMBER),
        maybe("page", NUMBER),
        maybe("basis", sa.String(16)),
        maybe("period_end", DAY),
        column("action", sa.String(16)),
        column("person", TEXT),
        column("decided_at", MOMENT),
        maybe("because", TEXT),
        column("changes", TEXT),
        maybe("reading", TEXT),
        maybe("body", TEXT),
    )


def _events() -> None:
    _table(
        "events",
        key("symbol", sa.String(64)),
        key("period_end", DAY),
        column("published_at", MOMENT),
        column("basis", sa.String(16)),
        column("source", TEXT),
    )
    _index("ix_events_published", "events", ["published_at"])
    _table(
        "season_peers",
        key("symbol", sa.String(64)),
        key("period_end", DAY),
        column("family", sa.String(16)),
        column("published_at", MOMENT),
        maybe("sue", REAL),
        maybe("revenue_growth", REAL),
        maybe("profit_growth", REAL),
        maybe("margin_change", REAL),
        maybe("quality", REAL),
    )
    _index("ix_season_peers_period", "season_peers", ["period_end"])
    _table(
        "board_meetings",
        key("symbol", sa.String(64)),
        key("meeting_date", DAY),
        key("known_at", MOMENT),
        column("purpose", TEXT),
        column("source", TEXT),
    )
    _index("ix_board_meetings_date", "board_meetings", ["meeting_date"])
    _table(
        "news",
        key("digest", sa.String(32)),
        column("symbol", sa.String(64)),
        column("published_at", MOMENT),
        column("title", TEXT),
        column("text", TEXT),
        column("source", sa.String(64)),
        maybe("url", TEXT),
    )
    _index("ix_news_symbol", "news", ["symbol", "published_at"])


def _market() -> None:
    _table(
        "actions",
        key("symbol", sa.String(64)),
        key("ex_date", DAY),
        key("kind", sa.String(32)),
        column("factor", EXACT),
    )
    _table(
        "index_closes",
        key("name", sa.String(64)),
        key("session", DAY),
        column("close", REAL),
        column("source", TEXT),
    )
    _table(
        "sessions",
        key("day", DAY),
    )
    _table(
        "traded_days",
        key("day", DAY),
    )
