"""docs/tools.md: what agents may call."""

from collections.abc import Iterator

from dexter.tools.catalogue import toolbox
from pipelines.docs.fields import fields


def blocks() -> Iterator[str]:
    """The page, block by block."""
    yield "# Tools"
    yield (
        "What an agent may call. Tools read; none of them sends or changes anything. "
        "Arguments come from a plan or a model, so they are checked against these "
        "types, and anything else among them is refused."
    )
    for tool in toolbox().tools:
        schema = tool.arguments.model_json_schema()
        yield f"## {tool.name}"
        yield tool.description
        if tool.yields_subjects:
            yield "Other tasks can be repeated for every company it finds."
        if tool.tolerant:
            yield "It runs on whatever the tasks it needs brought back."
        yield fields(schema, schema.get("$defs", {}), linked=False)
