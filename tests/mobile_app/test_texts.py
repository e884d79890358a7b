"""Every sentence of the app comes from the catalogues, at the moment it is shown."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mobile_app import texts
from shared.languages import LANGUAGES, Message, speaking

ROOT = Path(__file__).parents[2] / "mobile_app"
ELSEWHERE = {"texts", "scanner"}  # where the sentences are kept, and a program with messages of its own
SOURCES = [path for path in sorted(ROOT.rglob("*.py")) if path.relative_to(ROOT).parts[0] not in ELSEWHERE]
_SENTENCE = re.compile(r"[A-Z][a-z]+[ ,.…]\s?\w*")
# Said to developers in logs and exceptions, not to people.
_CALLS = {"RuntimeError", "ServerUnreachable", "debug", "exception", "warning", "Response"}


def _said_to_developers(tree: ast.Module) -> set[int]:
    found: set[int] = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            found.add(id(body[0].value))
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in _CALLS:
                found |= {id(inner) for inner in ast.walk(node)}
    return found


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_screen_has_a_sentence_of_its_own(source: Path) -> None:
    """What people read stands in `texts`, where it is marked for translation."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    apart = _said_to_developers(tree)
    literals = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert [
        node.value
        for node in literals
        if id(node) not in apart and _SENTENCE.match(node.value) and node.value != "Bearer "
    ] == []


def _at_import(tree: ast.Module) -> Iterator[ast.Attribute]:
    """Yield `Text.NAME` outside of functions, where nobody's language is known yet."""
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        yield from (node for node in ast.walk(statement) if isinstance(node, ast.Attribute))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_sentence_is_fixed_before_the_language_is_known(source: Path) -> None:
    """A constant keeps a marked sentence; a translated one would be English for everybody."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    aliases = re.findall(r"^(\w+) = texts\.(\w+)$", source.read_text(encoding="utf-8"), re.MULTILINE)
    owners = {alias: vars(getattr(texts, name)) for alias, name in aliases}
    early = [
        node.attr
        for node in _at_import(tree)
        if isinstance(node.value, ast.Name) and isinstance(owners.get(node.value.id, {}).get(node.attr), Message)
    ]
    assert early == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_sentences_with_names_and_counts(code: str) -> None:
    """Functions fill in their places in every language; names are isolated where text runs from right to left."""
    with speaking(LANGUAGES[code]):
        said = texts.Done.sentence("Northwind", "mia.bakes", "a, b")
        waits = {texts.Problems.wait(seconds) for seconds in (1, 2, 5, 60, 89, 120, 600, 7200)}
    assert "Northwind" in said
    assert "mia.bakes" in said
    assert "{" not in said + "".join(waits)
    assert len(waits) == 8
    assert ("\N{FIRST STRONG ISOLATE}" in said) == (code == "ar")
