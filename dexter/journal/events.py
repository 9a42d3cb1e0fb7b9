"""What a run is made of: numbered events, each sealed by the one before it.

An event is kept as one JSON text, its body, beside ``sha256(previous hash + body)``.
The first event has no predecessor; the id of its run stands in, so that events cannot
move between runs. Bodies are written with sorted keys and without spaces::

    {"event":17,"given":{…},"inputs":"9c…","kind":"step","name":"prices.history",
     "ordinal":0,"output":{…},"span":"/task:t2"}

``inputs`` is the sha256 of the canonical JSON of what was given. Texts over ``INLINE``
bytes are blobs: ``given`` is then absent and found under ``inputs``, ``output`` under
``output_sha256``. An error is an outcome too and stands under ``raised``.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

INLINE = 1024
"""Longest text, in bytes, that stays inside the event; longer ones become blobs."""

NO_INPUTS = "{}"
"""The canonical JSON of no inputs at all."""

_ENCODER = json.JSONEncoder(
    sort_keys=True,
    separators=(",", ":"),
    ensure_ascii=False,
    allow_nan=False,
    check_circular=False,
)
_quote = lru_cache(maxsize=8192)(json.JSONEncoder(ensure_ascii=False).encode)


class EventKind(StrEnum):
    """What an event tells."""

    BEGIN = "begin"
    STEP = "step"
    NOTE = "note"
    INTERRUPT = "interrupt"
    RESUME = "resume"
    END = "end"


class Event(NamedTuple):
    """One event as kept: its number from 1, its JSON text, and its hash in hex."""

    seq: int
    body: str
    hash: str


class StepKey(NamedTuple):
    """What makes a step or note the same one in another run of the same code."""

    kind: EventKind
    span: str
    name: str
    inputs: str
    ordinal: int


@dataclass(frozen=True, slots=True)
class Entry:
    """An event read back: its key, and its texts inline or by blob address."""

    seq: int
    key: StepKey
    given: str | None
    output: str | None
    output_sha256: str | None
    raised: Mapping[str, object] | None

    @property
    def blobs(self) -> tuple[str, ...]:
        """Addresses of the blobs this event needs."""
        given = () if self.given is not None else (self.key.inputs,)
        return given if self.output_sha256 is None else (*given, self.output_sha256)

    def __str__(self) -> str:
        """As people are told about it: ``step prices.history in /task:t2``."""
        return f"{self.key.kind} {self.key.name} in {self.key.span}"


def dump(value: object) -> str:
    """JSON with sorted keys, no spaces, no NaN; plain values only."""
    return _ENCODER.encode(value)


def digest(text: str) -> str:
    """The sha256 of a text's UTF-8 bytes, in hex."""
    try:
        raw = text.encode()
    except UnicodeEncodeError:  # A damaged text, read as it stands.
        raw = text.encode("utf-8", "surrogateescape")
    return hashlib.sha256(raw).hexdigest()


def genesis(run_id: str) -> str:
    """What stands for the hash before the first event of a run."""
    return digest(f"dexter run {run_id}")


def seal(previous: str, body: str) -> str:
    """The hash of an event that follows another."""
    return digest(previous + body)


def compose(seq: int, key: StepKey, given: str | None, outcome: str = "") -> str:
    """The body of an event; ``outcome`` is ``"output":…,`` or one of its like."""
    inline = "" if given is None else f'"given":{given},'
    return (
        f'{{"event":{seq},{inline}"inputs":"{key.inputs}","kind":"{key.kind}",'
        f'"name":{_quote(key.name)},"ordinal":{key.ordinal},{outcome}'
        f'"span":{_quote(key.span)}}}'
    )


def parse(body: str) -> Entry:
    """Read a body back.

    Raises:
        ValueError: the text is not the body of an event.
    """
    try:
        told = json.loads(body)
        key = StepKey(
            EventKind(told["kind"]),
            _text(told["span"]),
            _text(told["name"]),
            _text(told["inputs"]),
            _number(told["ordinal"]),
        )
        sha256 = told.get("output_sha256")
        return Entry(
            seq=_number(told["event"]),
            key=key,
            given=_again(told, "given"),
            output=_again(told, "output"),
            output_sha256=None if sha256 is None else _text(sha256),
            raised=told.get("raised"),
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        msg = f"not an event: {error}"
        raise ValueError(msg) from error


def _again(told: Mapping[str, object], field: str) -> str | None:
    if field not in told:
        return None
    return json.dumps(told[field], separators=(",", ":"), ensure_ascii=False)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(value)
    return value
