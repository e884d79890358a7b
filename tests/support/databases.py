"""A fresh SQLite file per test, copied from one that was prepared once."""

import itertools
import shutil
from collections.abc import Callable
from pathlib import Path


class SqliteFiles:
    """Create SQLite databases below one directory."""

    def __init__(self, directory: Path) -> None:
        """Keep all files in `directory`, which exists."""
        self._directory = directory
        self._names = itertools.count(1)
        self._templates: dict[Callable[[str], object], Path] = {}

    def create_database(self, prepare: Callable[[str], object] | None = None) -> str:
        """Return the URL of a new database; `prepare` as in `PostgresCluster.create_database`."""
        path = self._new_path("test")
        if prepare is not None:
            if prepare not in self._templates:
                template = self._new_path("template")
                prepare(_url(template))
                self._templates[prepare] = template
            _copy(self._templates[prepare], path)
        return _url(path)

    def _new_path(self, kind: str) -> Path:
        return self._directory / f"{kind}_{next(self._names)}" / "sparklink.db"

    def drop_database(self, url: str) -> None:
        """Remove a database and all files beside it."""
        shutil.rmtree(Path(url.removeprefix("sqlite:///")).parent)


def _url(path: Path) -> str:
    path.parent.mkdir(exist_ok=True)
    return f"sqlite:///{path}"


def _copy(template: Path, path: Path) -> None:
    # Copy the -wal too, in case preparing left one behind, but never the lock file or shared memory.
    path.parent.mkdir()
    for suffix in ("", "-wal"):
        source = template.with_name(template.name + suffix)
        if source.exists():
            shutil.copyfile(source, path.with_name(path.name + suffix))
