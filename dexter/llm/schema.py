"""JSON Schemas in the dialect providers enforce, and replies back out of it.

Strict modes want every object closed and every property required, and refuse most
constraints. ``strict_schema`` gives that form; a property that was optional becomes one
that may be null, and ``drop_nulls`` takes those nulls out again.
"""

from collections.abc import Mapping

Schema = Mapping[str, object]
_SAID_IN_WORDS = (
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "minItems",
    "maxItems",
    "uniqueItems",
)
_NULL: dict[str, object] = {"type": "null"}


class _OpenSchemaError(ValueError):
    """A place in a schema that takes anything; no strict form says that."""


def strict_schema(schema: Schema) -> dict[str, object] | None:
    """The strict form of a schema, or none where it holds a free-form map or list.

    Constraints strict modes refuse are moved into the description. The root's own
    reference is resolved, because the root has to be an object.
    """
    try:
        strict = _strict(_root(schema))
        definitions = _mapping(schema.get("$defs"))
        if definitions:
            strict["$defs"] = {
                name: _strict(_mapping(part)) for name, part in definitions.items()
            }
    except _OpenSchemaError:
        return None
    return strict if strict.get("type") == "object" else None


def drop_nulls(data: object, schema: Schema) -> object:
    """``data`` without the nulls that only a strict schema made a model write.

    A null is dropped where the property was optional and never allowed null.
    """
    return _dropped(data, schema, _mapping(schema.get("$defs")))


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _parts(schema: Schema, key: str) -> list[Mapping[str, object]]:
    value = schema.get(key)
    return [_mapping(part) for part in value] if isinstance(value, list) else []


def _resolved(schema: Schema, definitions: Schema) -> Schema:
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return schema
    return _mapping(definitions.get(reference.rsplit("/", 1)[-1]))


def _root(schema: Schema) -> Schema:
    return _resolved(schema, _mapping(schema.get("$defs")))


def _strict(schema: Schema) -> dict[str, object]:
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}
    choices = _parts(schema, "anyOf") or _parts(schema, "oneOf")
    if choices:
        return _described({"anyOf": [_strict(one) for one in choices]}, schema)
    every = _parts(schema, "allOf")
    if len(every) == 1:
        return _strict({**schema, **every[0], "allOf": None})
    strict = {key: schema[key] for key in ("type", "enum", "const") if key in schema}
    if not strict:
        raise _OpenSchemaError
    if schema.get("type") == "object":
        strict |= _closed(schema)
    if schema.get("type") == "array":
        strict["items"] = _strict(_mapping(schema.get("items")))
    return _described(strict, schema)


def _closed(schema: Schema) -> dict[str, object]:
    if "properties" not in schema or schema.get("additionalProperties", False):
        raise _OpenSchemaError
    properties = _mapping(schema["properties"])
    required = schema.get("required") or []
    needed = set(required) if isinstance(required, list) else set()
    return {
        "properties": {
            name: _strict(_mapping(part))
            if name in needed
            else _nullable(_strict(_mapping(part)))
            for name, part in properties.items()
        },
        "required": list(properties),
        "additionalProperties": False,
    }


def _nullable(strict: dict[str, object]) -> dict[str, object]:
    if _takes_null(strict, {}):
        return strict
    if "anyOf" in strict:
        return {**strict, "anyOf": [*_parts(strict, "anyOf"), _NULL]}
    return {"anyOf": [strict, _NULL]}


def _described(strict: dict[str, object], schema: Schema) -> dict[str, object]:
    said = [f"{key}: {schema[key]}" for key in _SAID_IN_WORDS if key in schema]
    given = schema.get("description")
    words = [given] if isinstance(given, str) and given else []
    if said:
        words.append(f"({', '.join(said)})")
    return {**strict, "description": " ".join(words)} if words else strict


def _takes_null(schema: Schema, definitions: Schema) -> bool:
    schema = _resolved(schema, definitions)
    kinds = schema.get("type")
    if kinds == "null" or (isinstance(kinds, list) and "null" in kinds):
        return True
    choices = _parts(schema, "anyOf") or _parts(schema, "oneOf")
    if choices:
        return any(_takes_null(one, definitions) for one in choices)
    return not schema or ("const" in schema and schema["const"] is None)


def _dropped(data: object, schema: Schema, definitions: Schema) -> object:
    schema = _chosen(data, _resolved(schema, definitions), definitions)
    if isinstance(data, list):
        items = _mapping(schema.get("items"))
        return [_dropped(one, items, definitions) for one in data]
    if not isinstance(data, Mapping):
        return data
    properties = _mapping(schema.get("properties"))
    required = schema.get("required") or ()
    kept: dict[str, object] = {}
    for name, value in data.items():
        part = _mapping(properties.get(name))
        optional = isinstance(required, list | tuple) and name not in required
        if value is None and optional and not _takes_null(part, definitions):
            continue
        kept[name] = _dropped(value, part, definitions)
    return kept


def _chosen(data: object, schema: Schema, definitions: Schema) -> Schema:
    choices = _parts(schema, "anyOf") or _parts(schema, "oneOf")
    wanted = "array" if isinstance(data, list) else "object"
    for choice in choices:
        one = _resolved(choice, definitions)
        names = set(_mapping(one.get("properties")))
        fits = wanted == "array" or set(_mapping(data)) <= names
        if one.get("type") == wanted and fits:
            return one
    return {} if choices else schema
