"""JSON Schema as tables: the fields of a document or of a tool's arguments."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.docs.markdown import prose, table

Schema = Mapping[str, Any]


def fields(schema: Schema, parts: Schema, *, linked: bool) -> str:
    """A table of an object's fields, without columns that say nothing; may be empty.

    Args:
        schema: The object.
        parts: Definitions its fields refer to, by name.
        linked: Refer to a part by a link, or spell it out in place.
    """
    needed = schema.get("required", ())
    head = ["field", "type", "when left out", "meaning"]
    rows = [
        [
            f"`{name}`",
            kind(field, parts, linked=linked),
            "" if name in needed else f"`{_default(field)}`",
            _words(field),
        ]
        for name, field in schema.get("properties", {}).items()
    ]
    told = [any(cells) for cells in zip(*rows, strict=True)]
    # A document is written whole, so what a field is when left out is for arguments.
    told[2:3] = [told[2] and not linked] if told else []
    return table(_kept(head, told), (_kept(row, told) for row in rows)) if rows else ""


def _kept(cells: Sequence[str], told: Sequence[bool]) -> list[str]:
    return [cell for cell, keep in zip(cells, told, strict=True) if keep]


def kind(schema: Schema, parts: Schema, *, linked: bool) -> str:
    """A type in words."""

    def inner(part: Schema) -> str:
        return kind(part, parts, linked=linked)

    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})" if linked else inner(parts[name])
    if "anyOf" in schema:
        return " or ".join(map(inner, schema["anyOf"]))
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    if schema.get("type") == "array":
        fixed = [inner(part) for part in schema.get("prefixItems", ())]
        return f"[{', '.join(fixed)}]" if fixed else f"list of {inner(schema['items'])}"
    values = schema.get("additionalProperties")
    if isinstance(values, Mapping):
        return f"map of name to {inner(values)}"
    return str(schema.get("format") or schema.get("type") or "anything")


def _default(field: Schema) -> str:
    found = field.get("default")
    return found if isinstance(found, str) else json.dumps(found)


def _words(field: Schema) -> str:
    """A field's description, or that of the one type it may hold."""
    inner = [part.get("description") for part in field.get("anyOf", ())]
    said = field.get("description") or next((words for words in inner if words), None)
    return prose(said)
