"""What the operator decides: ``dexter.toml`` in the home, read and checked."""

from dexter.operating.model import (
    Alerting,
    Budgets,
    Daily,
    Heartbeat,
    Operating,
    QuietHours,
    Watch,
)
from dexter.operating.reading import FILE, faults, read
from dexter.operating.recipient import ChannelName, Email, Recipient, Webhook
from dexter.operating.rule import DEFAULT_RULES, Rule

__all__ = [
    "DEFAULT_RULES",
    "FILE",
    "Alerting",
    "Budgets",
    "ChannelName",
    "Daily",
    "Email",
    "Heartbeat",
    "Operating",
    "QuietHours",
    "Recipient",
    "Rule",
    "Watch",
    "Webhook",
    "faults",
    "read",
]
