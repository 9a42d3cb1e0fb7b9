"""The market session by session, what models read of headlines, and news by time."""

import sqlalchemy as sa
from alembic import op

from dexter.store.migrations.columns import column, key, maybe

revision = "0003"
down_revision = "0002"

# As kept: moments and days as text of fixed width.
MOMENT, DAY = sa.String(32), sa.String(10)
TEXT, NUMBER, REAL = sa.Text(), sa.Integer(), sa.Float()


def upgrade() -> None:
    """Add the tables and the index."""
    op.create_table(
        "market_days",
        key("day", DAY),
        column("shares", NUMBER),
        maybe("advancing", REAL),
        maybe("above_50", REAL),
        maybe("above_200", REAL),
        maybe("highs_252", REAL),
        maybe("lows_252", REAL),
        column("upper_closes", NUMBER),
        column("lower_closes", NUMBER),
        column("banded", NUMBER),
        maybe("median_turnover", REAL),
        maybe("equal_weight", REAL),
        column("resolved", NUMBER),
        column("resolved_hits", NUMBER),
        column("strength", TEXT),
    )
    op.create_table(
        "ranked_days",
        key("day", DAY),
        column("profit_qoq", TEXT),
        column("profit_change", TEXT),
        column("profit_yield", TEXT),
    )
    op.create_table(
        "tones",
        key("digest", sa.String(32)),
        key("model", sa.String(64)),
        column("tone", REAL),
        column("read_at", MOMENT),
    )
    op.create_index("ix_news_published", "news", ["published_at"])
