"""Days, their filings, and the outbox."""

import sqlalchemy as sa
from alembic import op

from dexter.store.migrations.columns import column, key, maybe

revision = "0005"
down_revision = "0004"

# As kept: moments and days as text of fixed width.
MOMENT, DAY, TEXT, NUMBER = sa.String(32), sa.String(10), sa.Text(), sa.Integer()
ID, NAME, SHORT = sa.String(128), sa.String(64), sa.String(16)


def upgrade() -> None:
    """Add the three tables."""
    op.create_table(
        "days",
        key("day", DAY),
        column("state", SHORT),
        column("run_id", NAME),
        column("started_at", MOMENT),
        maybe("ended_at", MOMENT),
        maybe("reason", TEXT),
        maybe("sources", TEXT),
        maybe("body", TEXT),
    )
    op.create_table(
        "day_filings",
        key("id", ID),
        key("version", NUMBER),
        column("day", DAY),
        column("symbol", NAME),
        maybe("basis", SHORT),
        column("state", SHORT),
        maybe("reason", TEXT),
        maybe("published_at", MOMENT),
        maybe("run_id", NAME),
        maybe("rule", NAME),
        maybe("alert_id", ID),
        maybe("alert_version", NUMBER),
        column("decided_at", MOMENT),
        column("attempts", NUMBER),
    )
    op.create_index("ix_day_filings_day", "day_filings", ["day"])
    op.create_table(
        "outbox",
        key("item", ID),
        key("version", NUMBER),
        key("channel", SHORT),
        key("recipient", ID),
        column("kind", SHORT),
        column("priority", SHORT),
        column("state", SHORT),
        column("attempts", NUMBER),
        column("repeats", NUMBER),
        column("made_at", MOMENT),
        column("due_at", MOMENT),
        maybe("tried_at", MOMENT),
        maybe("sent_at", MOMENT),
        maybe("receipt", TEXT),
        maybe("reason", TEXT),
        maybe("failing_since", MOMENT),
        column("unsure", sa.Boolean()),
        column("body", TEXT),
    )
    op.create_index("ix_outbox_state", "outbox", ["state", "due_at"])
