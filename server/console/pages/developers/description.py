"""Turn an OpenAPI description into the content of the reference page: operations by tag, objects and examples."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from server.console.pages.developers.examples import Schema, Schemas, example, resolved
from server.problems import MEDIA_TYPE


@dataclass(frozen=True, slots=True)
class Field:
    """One row in a table of parameters or properties. `links` is the name of the object that it refers to."""

    name: str
    type: str
    links: str | None
    required: bool
    description: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful response."""

    status: str
    description: str
    media_type: str
    example: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A problem type that an operation can return."""

    status: str
    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    needs_token: bool
    parameters: list[Field]
    body: list[Field]
    body_example: str
    answers: list[Answer]
    refusals: list[Refusal]


@dataclass(frozen=True, slots=True)
class ObjectType:
    """One named schema."""

    name: str
    description: str
    fields: list[Field]
    values: list[str]


@dataclass(frozen=True, slots=True)
class Reference:
    """The whole page."""

    title: str
    version: str
    description: list[str]
    groups: dict[str, list[Operation]] = field(default_factory=dict)
    objects: list[ObjectType] = field(default_factory=list)


class _Reader:
    def __init__(self, description: Schema) -> None:
        self._description = description
        self._schemas: Schemas = description.get("components", {}).get("schemas", {})

    def read(self) -> Reference:
        info = self._description["info"]
        paragraphs = [" ".join(part.split()) for part in info.get("description", "").strip().split("\n\n")]
        reference = Reference(info["title"], info["version"], paragraphs)
        for path, methods in self._description["paths"].items():
            for method, found in methods.items():
                tag = (found.get("tags") or ["Other"])[0]
                reference.groups.setdefault(tag, []).append(self._operation(method, path, found))
        for name, schema in sorted(self._schemas.items()):
            values = [str(value) for value in schema.get("enum", ())]
            reference.objects.append(ObjectType(name, _text(schema), self.fields(schema), values))
        return reference

    def _operation(self, method: str, path: str, found: Schema) -> Operation:
        body = _json(found.get("requestBody", {})).get("schema", {})
        parameters = [
            self._field(item["name"], item.get("schema", {}), item.get("required", False), item)
            for item in found.get("parameters", ())
        ]
        return Operation(
            anchor=re.sub(r"[^a-z0-9]+", "-", f"{method} {path.removeprefix('/api/v1')}".lower()).strip("-"),
            method=method.upper(),
            path=path,
            summary=found.get("summary", ""),
            description=_text(found),
            needs_token=bool(found.get("security")),
            parameters=parameters,
            body=self.fields(resolved(self._schemas, body)) if body else [],
            body_example=_pretty(example(self._schemas, body)) if body else "",
            answers=[
                self._answer(status, one)
                for status, one in found["responses"].items()
                if MEDIA_TYPE not in one.get("content", {})
            ],
            refusals=[refusal for status, one in found["responses"].items() for refusal in _refusals(status, one)],
        )

    def _answer(self, status: str, found: Schema) -> Answer:
        content = found.get("content", {})
        media_type = next(iter(content), "")
        schema = content.get(media_type, {}).get("schema")
        shown = _pretty(example(self._schemas, schema)) if media_type == "application/json" and schema else ""
        said = found.get("description", "")
        return Answer(status, "" if said == "Successful Response" else said, media_type, shown)

    def fields(self, schema: Schema) -> list[Field]:
        required = set(schema.get("required", ()))
        return [
            self._field(name, found, name in required, found) for name, found in schema.get("properties", {}).items()
        ]

    def _field(self, name: str, schema: Schema, required: bool, described: Schema) -> Field:
        text, links = self._type(schema)
        return Field(name, text, links, required, _text(described) or _text(schema), described.get("in", ""))

    def _type(self, schema: Schema) -> tuple[str, str | None]:
        if reference := schema.get("$ref"):
            return _name(reference), _name(reference)
        if options := schema.get("anyOf") or schema.get("oneOf"):
            read = [self._type(option) for option in options]
            return " or ".join(text for text, _ in read), next((link for _, link in read if link), None)
        if schema.get("type") == "array":
            text, link = self._type(schema.get("items", {}))
            return f"list of {text}", link
        if "const" in schema:
            return f"“{schema['const']}”", None
        return " ".join(filter(None, (schema.get("type", "any"), _bounds(schema)))), None


def read(description: Schema) -> Reference:
    """Return the reference for an OpenAPI description."""
    return _Reader(description).read()


def _json(holder: Schema) -> Schema:
    found: Schema = holder.get("content", {}).get("application/json", {})
    return found


def _name(reference: str) -> str:
    return reference.rsplit("/", 1)[1]


def _text(schema: Schema) -> str:
    return " ".join(str(schema.get("description", "")).split()).replace("`", "")


def _bounds(schema: Schema) -> str:
    said = []
    if values := schema.get("enum"):
        said.append("one of " + ", ".join(str(value) for value in values))
    low, high = schema.get("minimum", schema.get("minLength")), schema.get("maximum", schema.get("maxLength"))
    unit = "" if "minimum" in schema or "maximum" in schema else " characters"
    if high is not None:
        said.append(f"{low or 0} to {high}{unit}" if low else f"up to {high}{unit}")
    if schema.get("format"):
        said.append(schema["format"])
    return f"({', '.join(said)})" if said else ""


def _refusals(status: str, answer: Schema) -> list[Refusal]:
    examples = answer.get("content", {}).get(MEDIA_TYPE, {}).get("examples", {})
    return [Refusal(status, slug, example["summary"]) for slug, example in examples.items()]


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
