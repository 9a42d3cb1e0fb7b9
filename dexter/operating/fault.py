"""One thing that is wrong with ``dexter.toml``, in a sentence with its key path."""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from pydantic_core import ErrorDetails

from dexter.errors import OperatingError
from dexter.operating.hidden import Hidden
from dexter.operating.kinds import DUE, WRONG
from dexter.operating.layout import every, keys, part_at
from dexter.operating.model import Operating
from dexter.operating.place import Place, named, shown, told, value_at

HINT = "Compare it with `dexter config show --default`."
_LIKE = 0.6
_KINDS = {
    "bool_type": "true or false",
    "int_type": "a whole number",
    "string_type": "a text",
    "tuple_type": "a list",
    "model_type": "a table",
    "finite_number": "a finite number",
    "missing": "",
}
_BOUNDS = {
    "greater_than_equal": ("ge", "{} or more"),
    "less_than_equal": ("le", "at most {}"),
    "too_short": ("min_length", "{} or more of them"),
    "too_long": ("max_length", "at most {} of them"),
    "string_too_short": ("min_length", "{} or more characters"),
}


def secret(path: Path, found: Hidden) -> OperatingError:
    """The error of a secret that stands in the file; its value is not told."""
    return OperatingError(
        path,
        told(found.place),
        "secrets belong to the environment, and what stands here is one or looks like "
        "one",
        f"Put it into {found.belongs} and take it out of the file.",
    )


def unusable(
    path: Path, found: ErrorDetails, table: Mapping[str, object]
) -> OperatingError:
    """The error of a value, or a key, that may not stand there."""
    place: Place = found["loc"]
    if found["type"] == "extra_forbidden":
        return OperatingError(path, told(place), _no_such(place), HINT)
    return OperatingError(path, named(place, table), _why(found, place, table), HINT)


def _why(found: ErrorDetails, place: Place, table: Mapping[str, object]) -> str:
    kind, context = found["type"], found.get("ctx", {})
    if kind == "missing":
        return "it is missing"
    if kind == WRONG:
        return str(context["why"])
    value = value_at(place, table)
    return f"it is {shown(value)} where {_due(kind, context, found)} is due" + _nearest(
        value, context
    )


def _due(kind: str, context: Mapping[str, object], found: ErrorDetails) -> str:
    if kind == DUE:
        return str(context["what"])
    if kind in {"enum", "literal_error"}:
        return str(context["expected"]).replace("'", "")
    if kind in _BOUNDS:
        bound, words = _BOUNDS[kind]
        return words.format(context[bound])
    return _KINDS.get(kind) or f"something else ({found['msg'].lower()})"


def _nearest(value: object, context: Mapping[str, object]) -> str:
    """The word among those that are due which a wrong one is most like."""
    expected = context.get("expected")
    if not isinstance(value, str) or not isinstance(expected, str):
        return ""
    words = expected.replace("'", "").replace(" or ", ", ").split(", ")
    near = _closest(value, words)
    return f"; the nearest is {near}" if near else ""


def _no_such(place: Place) -> str:
    """Which key was meant: one of that table, or one of the same name elsewhere."""
    key = str(place[-1])
    there = keys(part_at(Operating, place[:-1]))
    near = _closest(key, there)
    if near:
        return f"there is no such key; the nearest is {near}"
    elsewhere = [told(p) for p in every(Operating) if p[-1] == key]
    if elsewhere:
        return f"there is no such key; there is {elsewhere[0]}"
    return f"there is no such key; there are {', '.join(there)}"


def _closest(word: str, words: list[str]) -> str | None:
    folded = {one.lower(): one for one in words}
    found = get_close_matches(word.lower(), folded, n=1, cutoff=_LIKE)
    return folded[found[0]] if found else None
