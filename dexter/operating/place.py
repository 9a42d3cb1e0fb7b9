"""Where in ``dexter.toml`` something stands, and how its value is shown."""

import json
import re
from collections.abc import Mapping
from datetime import date, time

Place = tuple[str | int, ...]
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST = 40


def told(place: Place) -> str:
    """A place as a key path: ``alerts.rules[2].confidence``, counted from 0."""
    path = ""
    for part in place:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += f"{'.' if path else ''}{_key(part)}"
    return path


def named(place: Place, table: Mapping[str, object]) -> str:
    """The key path, with the name of the rule or recipient it lies in."""
    at: object = table
    for number, part in enumerate(place):
        at = _inside(at, part)
        name = at.get("name") if isinstance(at, dict) else None
        if isinstance(part, int) and isinstance(name, str):
            inner = place[number + 1 :]
            return f"{told(place)} (of {shown(name)})" if inner else told(place)
    return told(place)


def value_at(place: Place, table: Mapping[str, object]) -> object:
    """What stands at a place; null where nothing does."""
    at: object = table
    for part in place:
        at = _inside(at, part)
    return at


def shown(value: object) -> str:
    """A value as the file spells it, cut short."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        cut = _cut(value)
        return json.dumps(cut, ensure_ascii=not cut.isprintable())
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    if isinstance(value, date | time):
        return value.isoformat()
    try:
        return _cut(str(value))
    except ValueError:  # more digits than Python writes
        return "a very long number"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _inside(at: object, part: str | int) -> object:
    if isinstance(at, dict):
        return at.get(part)
    if isinstance(at, list) and isinstance(part, int) and part < len(at):
        return at[part]
    return None


def _key(part: str) -> str:
    if _BARE.fullmatch(part):
        return part
    return shown(part)
