"""The ledger of alerts and what became of them."""

import sqlalchemy as sa
from alembic import op

from dexter.store.migrations.columns import column, key, maybe

revision = "0004"
down_revision = "0003"

# As kept: numbers that must be exact, moments and days as text of fixed width.
EXACT, MOMENT, DAY = sa.String(64), sa.String(32), sa.String(10)
TEXT, NUMBER, REAL, YES = sa.Text(), sa.Integer(), sa.Float(), sa.Boolean()
ID, SHORT = sa.String(128), sa.String(16)


def upgrade() -> None:
    """Add both tables."""
    op.create_table(
        "alerts",
        key("id", ID),
        key("version", NUMBER),
        column("symbol", sa.String(64)),
        column("period_end", DAY),
        maybe("basis", SHORT),
        maybe("published_at", MOMENT),
        column("priority", SHORT),
        maybe("probability", EXACT),
        maybe("blockbuster", EXACT),
        maybe("model_version", sa.String(128)),
        column("body", TEXT),
        column("run_id", sa.String(64)),
        column("made_at", MOMENT),
        maybe("sent_at", MOMENT),
    )
    op.create_index("ix_alerts_made", "alerts", ["made_at"])
    op.create_table(
        "alert_outcomes",
        key("alert_id", ID),
        key("version", NUMBER),
        key("horizon", NUMBER),
        column("state", SHORT),
        maybe("entry_day", DAY),
        maybe("net_return", REAL),
        maybe("abnormal", REAL),
        maybe("hit", YES),
        maybe("known_at", MOMENT),
    )
