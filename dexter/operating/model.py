"""All of ``dexter.toml``, part by part.

The words under the fields are those of ``config show --default`` and of
``docs/configuration.md``; the examples are the ones shown there.
"""

from typing import Self

from pydantic import Field, StrictInt, field_validator, model_validator

from dexter.domain.alert import Priority
from dexter.operating.kinds import (
    Clock,
    Count,
    Dollars,
    Part,
    Symbols,
    Web,
    once,
    wrong,
)
from dexter.operating.recipient import Email, Recipient, Webhook
from dexter.operating.rule import DEFAULT_RULES, Rule


class Watch(Part):
    """The companies that matter most: read first, and rules may ask for them."""

    symbols: Symbols = Field(default=(), examples=[["RELIANCE", "M&M"]])
    """NSE symbols; of a company BSE alone trades, its scrip code in quotes."""


class QuietHours(Part):
    """Hours in which alerts wait, every day, in Indian time; they may span midnight."""

    from_: Clock = Field(
        validation_alias="from", serialization_alias="from", examples=["22:30"]
    )
    """When they begin."""
    to: Clock = Field(examples=["07:00"])
    """When they end, and what waited goes out."""
    passes: Priority = Priority.HIGH
    """The least priority that does not wait."""

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.from_ == self.to:
            why = "they end when they begin; leave them away to have none"
            raise wrong(why)
        return self


class Alerting(Part):
    """Which results are alerted, how loudly, and how many at most."""

    watched_priority: Priority | None = Field(default=None, examples=["medium"])
    """A watched company's results are alerted with at least this priority, even where
    no rule holds; a rule that says silent stands."""
    per_hour: Count | None = Field(default=None, examples=[20])
    """The most alerts a recipient gets in an hour; the others wait."""
    per_day: Count | None = Field(default=None, examples=[100])
    """The most alerts a recipient gets in a day; the others wait."""
    quiet: QuietHours | None = None
    rules: tuple[Rule, ...] = Field(default=DEFAULT_RULES, max_length=200)
    """Tried in their order; a result for which none holds is not alerted. Rules in
    the file stand in place of all the default ones."""

    @field_validator("rules")
    @classmethod
    def _named_once(cls, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        once(tuple(rule.name for rule in rules), "rules")
        return rules


class Heartbeat(Part):
    """An address that is called after a run, so that silence is noticed."""

    url: Web = Field(examples=["https://hc.example/ping/dexter"])
    """Called with GET."""


class Budgets(Part):
    """What language models may cost; the environment has the last word."""

    usd_per_run: Dollars | None = Field(default=None, examples=[1])
    """US dollars a run may cost; DEXTER_BUDGET_USD_PER_RUN overrides it."""
    usd_per_day: Dollars | None = Field(default=None, examples=[10])
    """US dollars all runs of a day may cost; DEXTER_BUDGET_USD_PER_DAY overrides it."""


class Daily(Part):
    """How a day is worked through."""

    poll_minutes: StrictInt = Field(default=5, ge=1, le=720)
    """Minutes between two looks at the exchanges with `--watch`."""
    concurrency: StrictInt = Field(default=4, ge=1, le=64)
    """Filings worked on at once."""
    most_attempts: StrictInt = Field(default=3, ge=1, le=20)
    """How often a filing that failed is tried before its day gives it up."""


class Operating(Part):
    """All the operator decides; without a file, all of it is the default."""

    watch: Watch = Watch()
    alerts: Alerting = Alerting()
    recipients: tuple[Recipient, ...] = Field(default=(), max_length=500)
    """Who hears of alerts. Without any, alerts are only kept and shown."""
    email: Email | None = None
    webhook: Webhook = Webhook()
    heartbeat: Heartbeat | None = None
    budgets: Budgets = Budgets()
    daily: Daily = Daily()

    @field_validator("recipients")
    @classmethod
    def _named_once(cls, recipients: tuple[Recipient, ...]) -> tuple[Recipient, ...]:
        once(tuple(one.name for one in recipients), "recipients")
        return recipients
