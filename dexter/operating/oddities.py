"""What the file may say, and hardly means: rules that never speak, and doubles."""

from collections.abc import Iterator
from decimal import Decimal

from dexter.domain.alert import Confidence
from dexter.operating.model import Operating
from dexter.operating.needs import Lack
from dexter.operating.place import shown
from dexter.operating.rule import Rule

_LEAST = ("blockbuster", "coverage", "probability", "turnover")
_JUST = ("edge", "skill", "watched")


def oddities(operating: Operating) -> Iterator[Lack]:
    """Everything that is odd about recipients, rules and the watch-list."""
    yield from _doubles(operating)
    yield from _unwatched(operating)
    yield from _hidden(operating)


def _doubles(operating: Operating) -> Iterator[Lack]:
    met: dict[tuple[str, str, int | None], str] = {}
    for number, one in enumerate(operating.recipients):
        here = f"recipients[{number}]"
        first = met.setdefault((one.channel, one.to, one.thread), here)
        if first != here:
            what = (
                f"{shown(one.name)} is reached where {first} is: all comes there twice"
            )
            yield Lack(here, what, "Take one of the two away, unless that is meant.")


def _unwatched(operating: Operating) -> Iterator[Lack]:
    if operating.watch.symbols:
        return
    hint = "List companies under [watch]."
    if operating.alerts.watched_priority:
        what = "it raises nothing: no company is watched"
        yield Lack("alerts.watched_priority", what, hint)
    for number, rule in enumerate(operating.alerts.rules):
        if rule.watched:
            what = f"{shown(rule.name)} never holds: no company is watched"
            yield Lack(f"alerts.rules[{number}].watched", what, hint)


def _hidden(operating: Operating) -> Iterator[Lack]:
    """Rules that an earlier one leaves nothing to."""
    earlier: list[Rule] = []
    for number, rule in enumerate(operating.alerts.rules):
        if rule.watched and not operating.watch.symbols:
            continue
        first = next((one for one in earlier if _covers(one, rule)), None)
        if first is not None:
            what = (
                f"{shown(rule.name)} never speaks: wherever it holds, "
                f"{shown(first.name)} holds before it"
            )
            silent = ", and says silent" if first.priority == "silent" else ""
            hint = f"Put it above {shown(first.name)}, or take it away."
            yield Lack(f"alerts.rules[{number}]", f"{what}{silent}", hint)
        earlier.append(rule)


def _covers(one: Rule, other: Rule) -> bool:
    """Whether a rule holds wherever another one does."""
    return (
        all(_asks_less(getattr(one, key), getattr(other, key)) for key in _LEAST)
        and _asks_less(_rank(one.confidence), _rank(other.confidence))
        and all(getattr(one, key) in {None, getattr(other, key)} for key in _JUST)
        and (not _graded(one) or (_graded(other) and other.allowed <= one.allowed))
    )


def _asks_less(one: Decimal | int | None, other: Decimal | int | None) -> bool:
    """Whether what reaches the second bound reaches the first."""
    return one is None or (other is not None and other >= one)


def _rank(confidence: Confidence | None) -> int | None:
    return None if confidence is None else tuple(Confidence).index(confidence)


def _graded(rule: Rule) -> bool:
    return rule.grade is not None or rule.grades is not None
