"""A run as one file of JSON lines, to be verified and replayed on another machine.

The first line names the run and its head; then a line per event, its body verbatim as
text, and a line per blob.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dexter.domain.research import JournalHead
from dexter.errors import IntegrityError, UnknownRunError
from dexter.journal.events import Event, parse
from dexter.journal.store import JournalStore, MemoryJournalStore

_FORMAT = "dexter-run-1"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A run read from a file: a store holding it alone, and the head it came with.

    ``head`` was written by whoever exported; a head known otherwise says more.
    """

    run_id: str
    head: JournalHead
    store: MemoryJournalStore


def export(store: JournalStore, run_id: str, path: Path) -> JournalHead:
    """Write a run, as it stands, to a file; gives its head.

    Raises:
        UnknownRunError: there is no such run.
    """
    events = store.read(run_id)
    if not events:
        raise UnknownRunError(run_id)
    head = JournalHead(events[-1].seq, events[-1].hash)
    first = {
        "format": _FORMAT,
        "run_id": run_id,
        "events": head.events,
        "head": head.head,
    }
    draft = path.with_name(f"{path.name}.part")
    with draft.open("w", encoding="ascii") as file:
        file.write(json.dumps(first) + "\n")
        for event in events:
            file.write(json.dumps(event._asdict()) + "\n")
        for sha256, text in _blobs(store, events):
            file.write(json.dumps({"sha256": sha256, "text": text}) + "\n")
    draft.replace(path)
    return head


def load(path: Path) -> Bundle:
    """Read a bundle, unverified: hand ``store`` and ``run_id`` to ``verify``.

    Raises:
        IntegrityError: a line is not of a bundle; the sentence names it.
    """
    lines = _lines(path)
    _, first = next(lines, (1, {}))
    if first.get("format") != _FORMAT:
        msg = f"{path.name} is not an exported run."
        raise IntegrityError(msg)
    store, number = MemoryJournalStore(), 1
    try:
        run_id = str(first["run_id"])
        head = JournalHead(int(str(first["events"])), str(first["head"]))
        events = store.events.setdefault(run_id, [])
        for number, line in lines:  # noqa: B007 - named in the error
            if "sha256" in line:
                store.texts[str(line["sha256"])] = str(line["text"])
            else:
                body, sealed = str(line["body"]), str(line["hash"])
                events.append(Event(int(str(line["seq"])), body, sealed))
    except (KeyError, ValueError) as error:
        msg = f"{path.name}, line {number}: not a line of an exported run."
        raise IntegrityError(msg) from error
    return Bundle(run_id, head, store)


def _blobs(store: JournalStore, events: Sequence[Event]) -> Iterator[tuple[str, str]]:
    wanted: dict[str, None] = {}
    for event in events:
        with suppress(ValueError):
            wanted.update(dict.fromkeys(parse(event.body).blobs))
    kept = store.blobs(wanted)
    for sha256 in wanted:
        if sha256 in kept:
            yield sha256, kept[sha256]


def _lines(path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    number = 0
    try:
        with path.open(encoding="utf-8") as file:
            for number, text in enumerate(file, 1):
                yield number, dict(json.loads(text))
    except (ValueError, TypeError, OSError) as error:
        msg = f"{path.name}, line {number}: not a line of an exported run."
        raise IntegrityError(msg) from error
