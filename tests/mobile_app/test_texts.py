"""Every sentence of the app comes from the catalogues when it is shown."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mobile_app import texts
from shared.languages import LANGUAGES, Message, speaking

ROOT = Path(__file__).parents[2] / "mobile_app"
ELSEWHERE = {"texts", "scanner"}  # the sentences themselves, and a program with its own messages
SOURCES = [path for path in sorted(ROOT.rglob("*.py")) if path.relative_to(ROOT).parts[0] not in ELSEWHERE]
_SENTENCE = re.compile(r"[A-Z][a-z]+[ ,.…]\s?\w*")
# These address developers in logs and exceptions, not people.
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
def test_every_sentence_of_a_screen_comes_from_texts(source: Path) -> None:
    """All words for people are in `texts`, where they are marked for translation."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    apart = _said_to_developers(tree)
    literals = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert [
        node.value
        for node in literals
        if id(node) not in apart and _SENTENCE.match(node.value) and node.value != "Bearer "
    ] == []


def _at_import(tree: ast.Module) -> Iterator[ast.Attribute]:
    """Yield each `Text.NAME` outside functions, where the reader's language is not yet known."""
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        yield from (node for node in ast.walk(statement) if isinstance(node, ast.Attribute))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_sentence_is_fixed_before_the_language_is_known(source: Path) -> None:
    """A constant keeps the marked sentence; a translation made at import would be English for everybody."""
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
    """Functions fill in their values in every language and isolate names in right-to-left text."""
    with speaking(LANGUAGES[code]):
        said = texts.Done.sentence("Northwind", "mia.bakes", "a, b")
        waits = {texts.Problems.wait(seconds) for seconds in (1, 2, 5, 60, 89, 120, 600, 7200)}
    assert "Northwind" in said
    assert "mia.bakes" in said
    assert "{" not in said + "".join(waits)
    assert len(waits) == 8
    assert ("\N{FIRST STRONG ISOLATE}" in said) == (code == "ar")
