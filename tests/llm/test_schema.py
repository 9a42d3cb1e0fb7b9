from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from dexter.llm.schema import Schema, drop_nulls, strict_schema


class Span(BaseModel):
    start: str
    end: str | None = None


class Plan(BaseModel):
    """What a planner writes."""

    model_config = ConfigDict(extra="forbid")
    title: str
    top: Annotated[int, Field(ge=1, le=50)] = 10
    basis: Literal["standalone", "consolidated"] | None = None
    span: Span | None = None
    spans: list[Span] = []
    kind: Literal["a", "b"] = "a"


def _objects(schema: object) -> list[dict[str, object]]:
    if isinstance(schema, list):
        return [found for part in schema for found in _objects(part)]
    if not isinstance(schema, dict):
        return []
    here = [schema] if schema.get("type") == "object" else []
    return here + [found for part in schema.values() for found in _objects(part)]


def test_every_object_is_closed_and_every_property_required() -> None:
    strict = strict_schema(Plan.model_json_schema())
    assert strict is not None
    objects = _objects(strict)
    assert len(objects) == 2
    for one in objects:
        assert one["additionalProperties"] is False
        assert one["required"] == list(one["properties"])  # type: ignore[call-overload]


def test_refused_keywords_are_said_in_words() -> None:
    strict = strict_schema(Plan.model_json_schema())
    text = str(strict)
    assert "'minimum'" not in text
    assert "'default'" not in text
    assert "(minimum: 1, maximum: 50)" in text


def test_what_was_optional_may_be_null_and_what_was_needed_may_not() -> None:
    strict = strict_schema(Plan.model_json_schema())
    assert strict is not None
    properties = strict["properties"]
    assert isinstance(properties, dict)
    assert properties["title"] == {"type": "string"}
    for name in ("top", "basis", "span", "spans", "kind"):
        assert properties[name]["anyOf"][-1] == {"type": "null"}


def test_what_strictness_made_null_validates_again() -> None:
    schema = Plan.model_json_schema()
    said = {
        "title": "Results",
        "top": None,
        "basis": None,
        "span": {"start": "2026-07-01", "end": None},
        "spans": [{"start": "2026-07-01", "end": None}],
        "kind": None,
    }
    mended = drop_nulls(said, schema)
    assert mended == {
        "title": "Results",
        "basis": None,
        "span": {"start": "2026-07-01", "end": None},
        "spans": [{"start": "2026-07-01", "end": None}],
    }
    assert Plan.model_validate(mended).top == 10


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object"},
        {"type": "object", "additionalProperties": True, "properties": {}},
        {"type": "object", "properties": {"map": {"type": "object"}}},
        {"type": "object", "properties": {"any": {}}},
        {"type": "object", "properties": {"list": {"type": "array"}}},
        {
            "type": "object",
            "properties": {
                "map": {"type": "object", "additionalProperties": {"type": "string"}}
            },
        },
        {"type": "string"},
        {},
    ],
)
def test_a_free_form_place_has_no_strict_form(schema: Schema) -> None:
    assert strict_schema(schema) is None


def test_a_root_reference_is_resolved_because_the_root_must_be_an_object() -> None:
    span = {"type": "object", "properties": {"start": {"type": "string"}}}
    strict = strict_schema({"$ref": "#/$defs/Span", "$defs": {"Span": span}})
    assert strict is not None
    assert strict["type"] == "object"


def test_a_schema_already_strict_stays_as_it_is() -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"type": "string", "enum": ["x", "y"]}},
        "required": ["a"],
        "additionalProperties": False,
    }
    assert strict_schema(schema) == schema
    assert drop_nulls({"a": None}, schema) == {"a": None}
