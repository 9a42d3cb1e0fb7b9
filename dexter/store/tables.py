"""The tables, in a schema SQLite and PostgreSQL both take.

Amounts are Decimal written as text (no float ever touches them), moments are text in
IST with one fixed width, so that text order is time order. ``canon`` tickers are the
key of a company everywhere; former tickers live in ``renames``.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from dexter.domain.moment import IST

# The Alembic revision of these tables is this number in four digits.
SCHEMA_VERSION = 5


def written(moment: datetime) -> str:
    """A moment as the tables keep it: IST, microseconds, fixed width."""
    local = moment if moment.tzinfo is IST else moment.astimezone(IST)
    return local.isoformat(timespec="microseconds")


def read_moment(text: str) -> datetime:
    """A kept moment, with the IST offset every other module uses."""
    return datetime.fromisoformat(text[:26]).replace(tzinfo=IST)


class Moment(TypeDecorator[datetime]):
    """A moment as IST text of fixed width."""

    impl = sa.String(32)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> str | None:
        """Write a moment, whatever its offset, in IST."""
        del dialect
        if value is None:
            return None
        return written(value)

    def process_result_value(
        self, value: str | None, dialect: Dialect
    ) -> datetime | None:
        """Read a moment."""
        del dialect
        return None if value is None else read_moment(value)


class Exact(TypeDecorator[Decimal]):
    """A Decimal as text: what was printed, digit for digit."""

    impl = sa.String(64)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Write a number."""
        del dialect
        return None if value is None else str(value)

    def process_result_value(
        self, value: str | None, dialect: Dialect
    ) -> Decimal | None:
        """Read a number."""
        del dialect
        return None if value is None else Decimal(value)


class Day(TypeDecorator[date]):
    """A date as ISO text."""

    impl = sa.String(10)
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        """Write a date."""
        del dialect
        return None if value is None else value.isoformat()[:10]

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        """Read a date."""
        del dialect
        return None if value is None else date.fromisoformat(value)


metadata = sa.MetaData()

Kind = TypeEngine[Any] | type[TypeEngine[Any]]


def _column(name: str, kind: Kind, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=null)


def _key(name: str, kind: Kind) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True)


TEXT = sa.Text
SYMBOL = sa.String(64)

meta = sa.Table("meta", metadata, _key("name", sa.String(64)), _column("value", TEXT))

imports = sa.Table(
    "imports",
    metadata,
    _key("sha256", sa.String(64)),
    _key("name", sa.String(512)),
    _column("kind", sa.String(64)),
    _column("rows", sa.Integer),
    _column("state", sa.String(16)),
    _column("reason", TEXT, null=True),
    _column("imported_at", Moment, null=True),
)

names = sa.Table(
    "names",
    metadata,
    _key("symbol", SYMBOL),
    _key("name", sa.String(255)),
    _key("source", sa.String(64)),
    _key("isin", sa.String(12)),
    _key("family", sa.String(16)),
    _column("rank", sa.Integer),
    _column("bse_code", sa.String(12), null=True),
)

renames = sa.Table(
    "renames",
    metadata,
    _key("old", SYMBOL),
    _column("new", SYMBOL),
    _column("changed_on", Day, null=True),
)

companies = sa.Table(
    "companies",
    metadata,
    _key("symbol", SYMBOL),
    _column("name", TEXT),
    _column("isin", sa.String(12), null=True),
    _column("bse_code", sa.String(12), null=True),
    _column("family", sa.String(16), null=True),
    _column("aliases", TEXT),
)

publications = sa.Table(
    "publications",
    metadata,
    _key("base_name", sa.String(255)),
    _key("symbol", SYMBOL),
    _key("published_at", Moment),
    _key("basis", sa.String(16)),
    _key("source", sa.String(64)),
    _column("period_end", Day, null=True),
    _column("url", TEXT, null=True),
    _column("subject", TEXT, null=True),
    sa.Index("ix_publications_period", "symbol", "period_end"),
)

filings = sa.Table(
    "filings",
    metadata,
    _key("sha256", sa.String(64)),
    _column("name", TEXT),
    _column("base_name", sa.String(255)),
    _column("kind", sa.String(24)),
    _column("own_symbol", SYMBOL, null=True),
    _column("symbol", SYMBOL, null=True),
    _column("company", TEXT, null=True),
    _column("known_at", Moment, null=True),
    _column("known_at_reason", TEXT, null=True),
    _column("url", TEXT, null=True),
    _column("status", sa.String(16)),
    _column("reason", TEXT, null=True),
    _column("subject", TEXT, null=True),
    _column("flags", TEXT),
    sa.Index("ix_filings_symbol", "symbol"),
    sa.Index("ix_filings_base_name", "base_name"),
)

statements = sa.Table(
    "statements",
    metadata,
    _key("sha256", sa.String(64)),
    _key("ordinal", sa.Integer),
    _column("period_end", Day, null=True),
    _column("basis", sa.String(16), null=True),
    _column("status", sa.String(16)),
    _column("grade", sa.String(16)),
    _column("body", TEXT),
)

figures = sa.Table(
    "figures",
    metadata,
    _key("symbol", SYMBOL),
    _key("period_end", Day),
    _key("basis", sa.String(16)),
    _key("known_at", Moment),
    _column("published_at", Moment, null=True),
    _column("revenue", Exact, null=True),
    _column("net_profit", Exact, null=True),
    _column("eps", Exact, null=True),
    _column("document", TEXT),
    _column("sha256", sa.String(64)),
    _column("row", TEXT),
    _column("url", TEXT, null=True),
    _column("origin", sa.String(64)),
)

document_names = sa.Table(
    "document_names",
    metadata,
    _key("sha256", sa.String(64)),
    _key("base_name", sa.String(255)),
    _column("name", TEXT),
    sa.Index("ix_document_names_base_name", "base_name"),
)

identities = sa.Table(
    "identities", metadata, _key("sha256", sa.String(64)), _column("body", TEXT)
)

conflicts = sa.Table(
    "conflicts",
    metadata,
    _key("symbol", SYMBOL),
    _key("basis", sa.String(16)),
    _key("period_end", Day),
    _key("months", sa.Integer),
    _key("item", sa.String(64)),
    _key("first_sha256", sa.String(64)),
    _key("second_sha256", sa.String(64)),
    _column("kind", sa.String(16)),
    _column("body", TEXT),
    sa.Index("ix_conflicts_second", "second_sha256"),
)

audits = sa.Table(
    "audits",
    metadata,
    _key("symbol", SYMBOL),
    _column("compared", sa.Integer),
    _column("agreed", sa.Integer),
)

events = sa.Table(
    "events",
    metadata,
    _key("symbol", SYMBOL),
    _key("period_end", Day),
    _column("published_at", Moment),
    _column("basis", sa.String(16)),
    _column("source", TEXT),
    sa.Index("ix_events_published", "published_at"),
)

season_peers = sa.Table(
    "season_peers",
    metadata,
    _key("symbol", SYMBOL),
    _key("period_end", Day),
    _column("family", sa.String(16)),
    _column("published_at", Moment),
    _column("sue", sa.Float, null=True),
    _column("revenue_growth", sa.Float, null=True),
    _column("profit_growth", sa.Float, null=True),
    _column("margin_change", sa.Float, null=True),
    _column("quality", sa.Float, null=True),
    sa.Index("ix_season_peers_period", "period_end"),
)

board_meetings = sa.Table(
    "board_meetings",
    metadata,
    _key("symbol", SYMBOL),
    _key("meeting_date", Day),
    _key("known_at", Moment),
    _column("purpose", TEXT),
    _column("source", TEXT),
    sa.Index("ix_board_meetings_date", "meeting_date"),
)

news = sa.Table(
    "news",
    metadata,
    _key("digest", sa.String(32)),
    _column("symbol", SYMBOL),
    _column("published_at", Moment),
    _column("title", TEXT),
    _column("text", TEXT),
    _column("source", sa.String(64)),
    _column("url", TEXT, null=True),
    sa.Index("ix_news_symbol", "symbol", "published_at"),
    sa.Index("ix_news_published", "published_at"),
)

# What a language model made of a headline's words, by the digest of those words.
tones = sa.Table(
    "tones",
    metadata,
    _key("digest", sa.String(32)),
    _key("model", sa.String(64)),
    _column("tone", sa.Float),
    _column("read_at", Moment),
)

actions = sa.Table(
    "actions",
    metadata,
    _key("symbol", SYMBOL),
    _key("ex_date", Day),
    _key("kind", sa.String(32)),
    _column("factor", Exact),
)

index_closes = sa.Table(
    "index_closes",
    metadata,
    _key("name", sa.String(64)),
    _key("session", Day),
    _column("close", sa.Float),
    _column("source", TEXT),
)

sessions = sa.Table("sessions", metadata, _key("day", Day))

traded_days = sa.Table("traded_days", metadata, _key("day", Day))

# The market session by session, made again from the bars; ``domain.market`` says what
# each column is.
market_days = sa.Table(
    "market_days",
    metadata,
    _key("day", Day),
    _column("shares", sa.Integer),
    _column("advancing", sa.Float, null=True),
    _column("above_50", sa.Float, null=True),
    _column("above_200", sa.Float, null=True),
    _column("highs_252", sa.Float, null=True),
    _column("lows_252", sa.Float, null=True),
    _column("upper_closes", sa.Integer),
    _column("lower_closes", sa.Integer),
    _column("banded", sa.Integer),
    _column("median_turnover", sa.Float, null=True),
    _column("equal_weight", sa.Float, null=True),
    _column("resolved", sa.Integer),
    _column("resolved_hits", sa.Integer),
    _column("strength", TEXT),
)

# Quantiles over the results of the 90 days up to and with each day that has any.
ranked_days = sa.Table(
    "ranked_days",
    metadata,
    _key("day", Day),
    _column("profit_qoq", TEXT),
    _column("profit_change", TEXT),
    _column("profit_yield", TEXT),
)

run_heads = sa.Table(
    "run_heads",
    metadata,
    _key("run_id", sa.String(64)),
    _column("events", sa.Integer),
    _column("head", sa.String(64)),
    _column("report_sha256", sa.String(64), null=True),
)

# What the reader said of the documents a person decided on; the statements in effect
# are made of these and the decisions.
readings = sa.Table(
    "readings",
    metadata,
    _key("sha256", sa.String(64)),
    _key("ordinal", sa.Integer),
    _column("body", TEXT),
)

# People's decisions; rows are only ever added.
reviews = sa.Table(
    "reviews",
    metadata,
    _key("sha256", sa.String(64)),
    _key("number", sa.Integer),
    _column("chain", sa.Integer),
    _column("ordinal", sa.Integer, null=True),
    _column("page", sa.Integer, null=True),
    _column("basis", sa.String(16), null=True),
    _column("period_end", Day, null=True),
    _column("action", sa.String(16)),
    _column("person", TEXT),
    _column("decided_at", Moment),
    _column("because", TEXT, null=True),
    _column("changes", TEXT),
    _column("reading", TEXT, null=True),
    _column("body", TEXT, null=True),
)

# The bytes of a payload lie among the documents, so that any parse can be redone.
payloads = sa.Table(
    "payloads",
    metadata,
    _key("source", sa.String(32)),
    _key("dataset", sa.String(64)),
    _key("unit", sa.String(128)),
    _key("sha256", sa.String(64)),
    _column("url", TEXT),
    _column("fetched_at", Moment),
    _column("rows", sa.Integer, null=True),
    _column("outcome", sa.String(24)),
)

collections = sa.Table(
    "collections",
    metadata,
    _key("source", sa.String(32)),
    _key("dataset", sa.String(64)),
    _key("unit", sa.String(128)),
    _column("day", Day, null=True),
    _column("state", sa.String(24)),
    _column("rows", sa.Integer, null=True),
    _column("reason", TEXT, null=True),
    _column("attempts", sa.Integer),
    _column("tried_at", Moment, null=True),
    _column("succeeded_at", Moment, null=True),
    sa.Index("ix_collections_state", "state"),
)

wanted = sa.Table(
    "wanted",
    metadata,
    _key("url", sa.String(512)),
    _key("symbol", SYMBOL),
    _column("kind", sa.String(24)),
    _column("seen_at", Moment),
    _column("known_at", Moment, null=True),
    _column("state", sa.String(16)),
    _column("sha256", sa.String(64), null=True),
    _column("attempts", sa.Integer),
    _column("tried_at", Moment, null=True),
    _column("reason", TEXT, null=True),
    sa.Index("ix_wanted_state", "state", "known_at"),
)

symbol_history = sa.Table(
    "symbol_history",
    metadata,
    _key("isin", sa.String(12)),
    _key("exchange", sa.String(8)),
    _key("symbol", SYMBOL),
    _key("from_day", Day),
    _column("to_day", Day, null=True),
    _column("known_at", Moment, null=True),
    sa.Index("ix_symbol_history_symbol", "exchange", "symbol"),
)

# Parquet files of bars; of two bars of one symbol and day the one in the file with the
# higher number counts.
price_files = sa.Table(
    "price_files",
    metadata,
    _key("name", sa.String(128)),
    _column("number", sa.Integer),
    _column("layout", sa.String(16)),
    _column("first_day", Day),
    _column("last_day", Day),
    _column("rows", sa.Integer),
    _column("state", sa.String(16)),
)

# What was said of results; rows are only ever added.
alerts = sa.Table(
    "alerts",
    metadata,
    _key("id", sa.String(128)),
    _key("version", sa.Integer),
    _column("symbol", SYMBOL),
    _column("period_end", Day),
    _column("basis", sa.String(16), null=True),
    _column("published_at", Moment, null=True),
    _column("priority", sa.String(16)),
    _column("probability", Exact, null=True),
    _column("blockbuster", Exact, null=True),
    _column("model_version", sa.String(128), null=True),
    _column("body", TEXT),
    _column("run_id", sa.String(64)),
    _column("made_at", Moment),
    _column("sent_at", Moment, null=True),
    sa.Index("ix_alerts_made", "made_at"),
)

# What became of each alert so many sessions on, as far as it is known.
alert_outcomes = sa.Table(
    "alert_outcomes",
    metadata,
    _key("alert_id", sa.String(128)),
    _key("version", sa.Integer),
    _key("horizon", sa.Integer),
    _column("state", sa.String(16)),
    _column("entry_day", Day, null=True),
    _column("net_return", sa.Float, null=True),
    _column("abnormal", sa.Float, null=True),
    _column("hit", sa.Boolean, null=True),
    _column("known_at", Moment, null=True),
)

# Every day of research, and how it ended.
days = sa.Table(
    "days",
    metadata,
    _key("day", Day),
    _column("state", sa.String(16)),
    _column("run_id", sa.String(64)),
    _column("started_at", Moment),
    _column("ended_at", Moment, null=True),
    _column("reason", TEXT, null=True),
    _column("sources", TEXT, null=True),
    _column("body", TEXT, null=True),
)

# What became of every filing of a day: one row, one state.
day_filings = sa.Table(
    "day_filings",
    metadata,
    _key("id", sa.String(128)),
    _key("version", sa.Integer),
    _column("day", Day),
    _column("symbol", SYMBOL),
    _column("basis", sa.String(16), null=True),
    _column("state", sa.String(16)),
    _column("reason", TEXT, null=True),
    _column("published_at", Moment, null=True),
    _column("run_id", sa.String(64), null=True),
    _column("rule", sa.String(64), null=True),
    _column("alert_id", sa.String(128), null=True),
    _column("alert_version", sa.Integer, null=True),
    _column("decided_at", Moment),
    _column("attempts", sa.Integer),
    sa.Index("ix_day_filings_day", "day"),
)

# What is to go out, to whom, and what became of it; ``body`` is the message as JSON.
outbox = sa.Table(
    "outbox",
    metadata,
    _key("item", sa.String(128)),
    _key("version", sa.Integer),
    _key("channel", sa.String(16)),
    _key("recipient", sa.String(128)),
    _column("kind", sa.String(16)),
    _column("priority", sa.String(16)),
    _column("state", sa.String(16)),
    _column("attempts", sa.Integer),
    _column("repeats", sa.Integer),
    _column("made_at", Moment),
    _column("due_at", Moment),
    _column("tried_at", Moment, null=True),
    _column("sent_at", Moment, null=True),
    _column("receipt", TEXT, null=True),
    _column("reason", TEXT, null=True),
    _column("failing_since", Moment, null=True),
    _column("unsure", sa.Boolean),
    _column("body", TEXT),
    sa.Index("ix_outbox_state", "state", "due_at"),
)
