"""A message as a card, and a card as text: from typed fields only, never from prose."""

from dataclasses import dataclass
from enum import StrEnum

from dexter.alerts.card_facts import facts
from dexter.alerts.card_shape import Card, Section, shown
from dexter.domain.alert import Alert
from dexter.domain.delivery import Message, Notice
from dexter.domain.moment import IST

FICTIONAL = "FICTIONAL SAMPLE: the company, its filing and its figures are invented"
REPEAT = (
    "POSSIBLE REPEAT: an earlier send of this message got no answer and may have "
    "arrived"
)
ENCODED = "=?"
"""What begins an encoded word of a header (RFC 2047), which may hold line ends."""
_UNDESCRIBED = "what changed was not recorded"
_LONGEST_SUBJECT = 180


class Look(StrEnum):
    """How a run of text is set, where a channel can."""

    PLAIN = "plain"
    STRONG = "strong"
    FAINT = "faint"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text of one look; it holds no line end."""

    text: str
    look: Look = Look.PLAIN


Line = tuple[Span, ...]
_BLANK: Line = ()


def card_of(message: Message) -> Card:
    """What a message says, in parts."""
    if message.alert is not None:
        return _alert(message, message.alert)
    if message.notice is not None:
        return _notice(message, message.notice)
    msg = f"the message {message.key} says nothing"
    raise ValueError(msg)


def _alert(message: Message, alert: Alert) -> Card:
    basis = f" {alert.basis.value}" if alert.basis else ", basis unknown"
    when = (
        f"published {alert.published_at.astimezone(IST):%d %b %Y, %H:%M} IST"
        if alert.published_at
        else "publication time unknown"
    )
    reasons = tuple(map(shown, alert.reasons))
    return Card(
        priority=alert.priority,
        marks=_marks(message),
        title=f"{shown(alert.company)} ({shown(alert.symbol)})",
        about=f"{shown(alert.period)}{basis}, {when}",
        first=_amendment(message),
        rows=facts(alert),
        last=(Section("Reasons", reasons),) if reasons else (),
        foot=(
            shown(alert.disclaimer),
            f"Alert {shown(alert.id)}, version {message.version}{_run(message)}",
        ),
    )


def _run(message: Message) -> str:
    return f", run {shown(message.run_id)}" if message.run_id else ""


def _notice(message: Message, notice: Notice) -> Card:
    lines = tuple(filter(None, map(shown, notice.lines)))
    return Card(
        priority=notice.priority,
        marks=_marks(message),
        title=shown(notice.title) or "Notice",
        first=(Section("", lines),) if lines else (),
        foot=("A notice of dexter to its operator",),
    )


def _marks(message: Message) -> tuple[str, ...]:
    said = []
    if message.alert is not None and message.alert.fictional:
        said.append(FICTIONAL)
    if message.repeat:
        said.append(REPEAT)
    return tuple(said)


def _amendment(message: Message) -> tuple[Section, ...]:
    if message.version <= 1:
        return ()
    changes = tuple(map(shown, message.amends)) or (_UNDESCRIBED,)
    return (Section(f"AMENDS VERSION {message.version - 1}: what changed", changes),)


def subject(message: Message) -> str:
    """One line for a header: priority first, then whom it is about."""
    card = card_of(message)
    said = [f"[{card.priority.value.upper()}]"]
    if message.alert is not None and message.alert.fictional:
        said.append("[FICTIONAL SAMPLE]")
    if message.version > 1:
        said.append(f"[AMENDS VERSION {message.version - 1}]")
    if message.repeat:
        said.append("[POSSIBLE REPEAT]")
    said.append(card.title)
    if message.alert is not None:
        said.append(shown(message.alert.period))
    whole = " ".join(said).replace(ENCODED, "= ?")
    fits = len(whole) <= _LONGEST_SUBJECT
    return whole if fits else whole[: _LONGEST_SUBJECT - 1].rstrip() + "…"


def lines(card: Card) -> tuple[Line, ...]:
    """A card from top to bottom; sections stand apart by an empty line."""
    loud = f"{card.priority.value.upper()} · {card.title}"
    blocks: list[list[Line]] = [
        [(Span(f"⚠ {mark}", Look.STRONG),) for mark in card.marks],
        [(Span(loud, Look.STRONG),), *([(Span(card.about),)] if card.about else [])],
        *(_section(one) for one in card.first),
        _rows(card),
        *(_section(one) for one in card.last),
        [(Span(said, Look.FAINT),) for said in card.foot],
    ]
    found: list[Line] = []
    for block in filter(None, blocks):
        found += [*([_BLANK] if found else []), *block]
    return tuple(found)


def _section(section: Section) -> list[Line]:
    title = [(Span(section.title, Look.STRONG),)] if section.title else []
    return [*title, *((Span(f"• {said}"),) for said in section.lines)]


def _rows(card: Card) -> list[Line]:
    found: list[Line] = []
    for row in card.rows:
        found.append((Span(row.name, Look.STRONG), Span(f": {row.said}")))
        found += [(Span(f"  {part.name}: {part.said}"),) for part in row.parts]
        found += [(Span(f"  {note}"),) for note in row.notes]
    return found


def plain(card: Card) -> str:
    """A card as text without any marks."""
    return "\n".join("".join(span.text for span in line) for line in lines(card))
