"""docs/schemas.md: the JSON documents, field by field."""

from collections.abc import Iterator

from pipelines.commands.schemas import SCHEMAS
from pipelines.docs.fields import Schema, fields, kind
from pipelines.docs.markdown import prose


def blocks() -> Iterator[str]:
    """The page, block by block."""
    documents = {name: make() for name, make in SCHEMAS.items()}
    parts: dict[str, Schema] = {}
    for schema in documents.values():
        parts |= schema.get("$defs", {})
    yield "# Documents"
    yield (
        "The JSON dexter writes. `dexter schema NAME` prints the JSON Schema these "
        "tables are made from. Amounts are strings of decimal rupees, fractions are "
        "per one, times carry their offset; an unknown value is null beside a reason."
    )
    for name, schema in documents.items():
        yield f"## `dexter schema {name}`"
        yield prose(schema.get("description"))
        yield fields(schema, parts, linked=True)
    yield "# Parts of documents"
    for name, part in sorted(parts.items()):
        yield f"## {name}"
        yield prose(part.get("description"))
        yield fields(part, parts, linked=True) or kind(part, parts, linked=True)
