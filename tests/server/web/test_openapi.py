"""The description of the API is complete and consistent."""

import importlib
import pkgutil
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

import server
from server.app import create_app
from server.problems import Problem
from shared.problems import ProblemType
from tests.server.world import settings_for


@pytest.fixture(scope="module")
def description(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the description as the server publishes it."""
    settings = settings_for("sqlite:///unused.db", tmp_path_factory.mktemp("openapi"))
    return create_app(settings).openapi()


def _operations(description: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]


def _problem_classes() -> set[type[Problem]]:
    for module in pkgutil.walk_packages(server.__path__, "server."):
        if not module.name.startswith(("server.database.migrations", "server.__main__", "server.console")):
            importlib.import_module(module.name)
    return {problem for problem in Problem.__subclasses__() if problem.__module__.startswith("server.")}


def test_every_operation_is_described(description: dict[str, Any]) -> None:
    """Each operation has a summary, a description, a tag, and the answers for success and failure."""
    for name, operation in _operations(description):
        assert operation.get("summary"), name
        assert operation.get("description"), name
        assert operation.get("tags"), name
        answers = operation["responses"]
        assert any(status.startswith("2") for status in answers), name
        assert {"500", "503"} <= set(answers), name
        assert all(answer["description"] for answer in answers.values()), name


def test_operations_have_different_names(description: dict[str, Any]) -> None:
    """Generated clients need a unique name for each operation."""
    names = [operation["operationId"] for _, operation in _operations(description)]
    assert len(names) == len(set(names))


def test_every_problem_class_has_a_type() -> None:
    """Each refusal has an entry in ProblemType, each entry is used, and no type has two statuses."""
    classes = _problem_classes()
    assert {problem.type for problem in classes} == set(ProblemType)
    assert len({(problem.type, problem.status) for problem in classes}) == len(ProblemType)


def test_problem_texts_say_what_to_do_next() -> None:
    """Each refusal has a title without a full stop and a detail in whole sentences."""
    for problem in _problem_classes():
        assert not problem.title.endswith("."), problem
        assert problem.detail.endswith((".", "{what}", "{why}")), problem
        assert problem.__doc__, problem


def test_every_problem_type_is_listed(description: dict[str, Any]) -> None:
    """The description lists every type that an answer can have."""
    listed = description["components"]["schemas"]["Problem"]["properties"]["type"]["examples"]
    assert set(listed) == {problem.value for problem in ProblemType}


def test_examples_are_valid(description: dict[str, Any]) -> None:
    """Every example fits its schema."""
    checked = 0
    for name, schema in description["components"]["schemas"].items():
        validator = _validator(description, schema)
        for example in schema.get("examples", []):
            validator.validate(example)
            checked += 1
        for field, detail in schema.get("properties", {}).items():
            for example in detail.get("examples", []):
                assert _validator(description, detail).is_valid(example), (name, field, example)
                checked += 1
    for name, operation in _operations(description):
        for answer in operation["responses"].values():
            for media in answer.get("content", {}).values():
                for example in media.get("examples", {}).values():
                    assert _validator(description, media["schema"]).is_valid(example["value"]), name
                    checked += 1
    assert checked > 100


def _validator(description: dict[str, Any], schema: dict[str, Any]) -> Any:
    whole = {**schema, "components": description["components"]}
    return jsonschema_rs.validator_for(whole)


def test_bodies_are_closed(description: dict[str, Any]) -> None:
    """Every request body says that it accepts no other fields."""
    for name, operation in _operations(description):
        if "requestBody" not in operation:
            continue
        (content,) = operation["requestBody"]["content"].values()  # JSON, or a form with a file
        schema = content["schema"]
        if reference := schema.get("$ref"):
            schema = description["components"]["schemas"][reference.rsplit("/", 1)[1]]
        assert schema["additionalProperties"] is False, name


def test_no_secret_travels_in_an_address(description: dict[str, Any]) -> None:
    """No path and no query contains a code, token or password."""
    for name, operation in _operations(description):
        for parameter in operation.get("parameters", []):
            assert parameter["name"] not in {"code", "token", "password", "typed_code", "url"}, name


def test_making_the_description_needs_no_database(tmp_path: Path) -> None:
    """The description comes from the code alone: making it opens and writes nothing."""
    create_app(settings_for(f"sqlite:///{tmp_path}/sparklink.db", tmp_path)).openapi()
    assert list(tmp_path.iterdir()) == []
