"""Find the sentences to translate, for Babel: marked ones, and the title and detail of every problem class."""

import ast
from collections.abc import Iterator, Mapping
from typing import IO, Any

from babel.messages.extract import extract_python

Found = tuple[int, Any, Any, Any]
_OF_PROBLEMS = {"title", "detail"}
_WORDS = {"thing", "is_a", "needs", "why"}  # keywords that give a `Problem` words of ours


def extract(file: IO[bytes], keywords: Mapping[str, Any], tags: list[str], options: Any) -> Iterator[Found]:
    """Yield line, function, message and comments, in the form of Babel's own extractor."""
    yield from extract_python(file, keywords, tags, options)
    file.seek(0)
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Call):
            yield from _words_of_problem(node)
        if isinstance(node, ast.ClassDef) and node.bases:
            for statement in node.body:
                yield from _of_problem(statement)


def _words_of_problem(call: ast.Call) -> Iterator[Found]:
    for keyword in call.keywords:
        value = keyword.value
        if keyword.arg in _WORDS and isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.lineno, None, value.value, []


def _of_problem(statement: ast.stmt) -> Iterator[Found]:
    if not isinstance(statement, ast.Assign):
        return
    target, value = statement.targets[0], statement.value
    pairs: list[tuple[ast.expr, ast.expr]] = [(target, value)]
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        pairs = list(zip(target.elts, value.elts, strict=True))
    for name, text in pairs:
        if isinstance(name, ast.Name) and name.id in _OF_PROBLEMS and isinstance(text, ast.Constant):
            yield text.lineno, None, text.value, []
