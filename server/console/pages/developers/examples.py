"""Create example values for the schemas of an OpenAPI description."""

from collections.abc import Mapping
from typing import Any, Final

Schema = Mapping[str, Any]
Schemas = Mapping[str, Schema]
_STRINGS: Final = {"date-time": "2026-11-22T18:30:00Z"}
_DEEPEST: Final = 6


def resolved(schemas: Schemas, schema: Schema) -> Schema:
    """Return the schema that a `$ref` refers to, or the schema itself."""
    reference = schema.get("$ref")
    return schemas.get(reference.rsplit("/", 1)[1], {}) if reference else schema


def example(schemas: Schemas, schema: Schema, depth: int = 0) -> Any:
    """Return the schema's own example, or a value built from its properties."""
    if examples := schema.get("examples"):
        return examples[0]
    if "$ref" in schema:
        return example(schemas, resolved(schemas, schema), depth + 1)
    for choice in ("const", "default"):
        if schema.get(choice) is not None:
            return schema[choice]
    if values := schema.get("enum"):
        return values[0]
    if options := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return example(schemas, options[0], depth + 1)
    return _built(schemas, schema, depth)


def _built(schemas: Schemas, schema: Schema, depth: int) -> Any:
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        if depth > _DEEPEST:
            return {}
        return {name: example(schemas, one, depth + 1) for name, one in schema.get("properties", {}).items()}
    if kind == "array":
        return [example(schemas, schema.get("items", {}), depth + 1)]
    if kind == "string":
        return _STRINGS.get(schema.get("format", ""), "…")
    return {"integer": schema.get("minimum", 0), "number": 0, "boolean": False}.get(str(kind))
