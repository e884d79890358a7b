"""Only server/database/sqlite.py and postgres.py open, begin and end transactions."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SERVER = Path(__file__).parents[3] / "server"
ALLOWED = {SERVER / "database" / name for name in ("sqlite.py", "postgres.py")}
ENDS = {"commit", "rollback", "begin_nested", "begin_twophase", "raw_connection"}
ENGINES = {"create_engine", "create_async_engine", "make_engine"}
SQL = ("BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE")


def found_in(source: str) -> Iterator[str]:
    """Yield everything that opens, begins or ends a transaction."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in ENDS | ENGINES:
            yield f"line {node.lineno}: {node.attr}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "begin":
            if not node.args:  # the `begin` of sign-in attempts takes arguments
                yield f"line {node.lineno}: begin"
        elif isinstance(node, ast.Name | ast.alias):
            name = node.id if isinstance(node, ast.Name) else node.name
            if name in ENGINES:
                yield f"line {node.lineno}: {name}"
        elif isinstance(node, ast.Constant) and str(node.value).partition(" ")[0] in SQL:
            yield f"line {node.lineno}: {node.value}"


def test_only_two_files_commit() -> None:
    """A service gets a connection and returns a value; one place per database decides whether that is kept."""
    found = {
        str(path.relative_to(SERVER)): places
        for path in SERVER.rglob("*.py")
        if path not in ALLOWED and (places := list(found_in(path.read_text(encoding="utf-8"))))
    }
    assert found == {}


@pytest.mark.parametrize("path", sorted(ALLOWED), ids=lambda path: path.name)
def test_the_check_sees_commits(path: Path) -> None:
    """The check above finds commits where they belong."""
    assert len(list(found_in(path.read_text(encoding="utf-8")))) >= 3
