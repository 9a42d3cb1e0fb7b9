"""Whether a result is alerted, how loudly, and by which rule; or why it is not.

Only typed fields decide. The first rule whose conditions all hold speaks; a watched
company may be raised above that, and a rule that says silent is the last word.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dexter.alerts.conditions import Facts, Look, looks
from dexter.domain.alert import Alert, Priority
from dexter.operating import Operating, Rule

__all__ = ["WATCHED", "Decision", "Facts", "decide"]

WATCHED = "alerts.watched_priority"
"""What spoke for a watched company where no rule did."""

_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a result.

    Args:
        alerts: Whether it is alerted.
        priority: How loudly; low where it is not alerted.
        rule: The name of the rule that spoke, ``WATCHED``, or empty where none did.
        reason: Why, in one sentence without its full stop.
    """

    alerts: bool
    priority: Priority
    rule: str
    reason: str


def decide(alert: Alert, facts: Facts, operating: Operating) -> Decision:
    """Hold a result against the operator's rules.

    Args:
        alert: The result, scored; its own priority is not looked at.
        facts: What is known of the company beside it.
        operating: The rules, in their order, and what watched companies get.
    """
    missed: list[_Missed] = []
    for rule in operating.alerts.rules:
        found = tuple(looks(rule, alert, facts))
        lacked = tuple(look for look in found if look.gap is not None)
        if not lacked:
            return _raised(_spoken(rule, found), facts, operating)
        missed.append(_Missed(rule.name, lacked))
    return _raised(_quiet("", _silence(missed)), facts, operating)


@dataclass(frozen=True, slots=True)
class _Missed:
    """A rule that did not hold, and what it lacked."""

    rule: str
    lacked: tuple[Look, ...]

    @property
    def distance(self) -> float:
        """How far it was from speaking."""
        return sum(look.gap or 0 for look in self.lacked)


def _spoken(rule: Rule, found: Sequence[Look]) -> Decision:
    because = _listed(look.says for look in found) or "it holds for every result"
    if rule.priority == "silent":
        reason = f"rule {rule.name!r} says silent: {because}"
        return _quiet(rule.name, reason)
    reason = f"rule {rule.name!r}: {because}"
    return _loud(Priority(rule.priority), rule.name, reason)


def _loud(priority: Priority, rule: str, reason: str) -> Decision:
    return Decision(alerts=True, priority=priority, rule=rule, reason=reason)


def _quiet(rule: str, reason: str) -> Decision:
    return Decision(alerts=False, priority=Priority.LOW, rule=rule, reason=reason)


def _raised(decision: Decision, facts: Facts, operating: Operating) -> Decision:
    """At least the priority of watched companies, unless a rule said silent."""
    least = operating.alerts.watched_priority
    silenced = decision.rule and not decision.alerts
    if least is None or not facts.watched or silenced:
        return decision
    if not decision.alerts:
        return _loud(least, WATCHED, f"it is watched; {decision.reason}")
    if least.rank >= decision.priority.rank:
        return decision
    reason = f"{decision.reason}; raised to {least}, as it is watched"
    return _loud(least, decision.rule, reason)


def _silence(missed: Sequence[_Missed]) -> str:
    """Why no rule spoke: the nearest miss in full, the others in short."""
    if not missed:
        return "no rule spoke: there are none"
    nearest, *others = sorted(missed, key=lambda one: one.distance)
    said = _listed(look.says for look in nearest.lacked)
    told = [f"{said}, of rule {nearest.rule!r}"]
    told += [
        f"{one.rule!r} lacks {_listed(look.wants for look in one.lacked)}"
        for one in others[:_MOST_NAMED]
    ]
    more = len(others) - _MOST_NAMED
    if more > 0:
        told.append(f"{more} more lack something too")
    return f"no rule spoke: {'; '.join(told)}"


def _listed(said: Iterable[str]) -> str:
    """Things said, each once."""
    return " and ".join(dict.fromkeys(said))
