"""A throw-away PostgreSQL server for a test session, with a fresh database for each test in milliseconds.

It listens on a Unix socket in a directory that only its owner can enter, so that no password is needed and no port
can clash. PostgreSQL refuses to run as root, so root starts it as another user.
"""

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

SUPERUSER = "sparklink"
START_SECONDS = 30
UNPRIVILEGED = ("postgres", "nobody")

# Nothing here has to survive a power cut, but it survives a crash of the server: synchronous_commit stays on.
FAST = ("fsync=off", "full_page_writes=off", "max_connections=120")

_PLACES = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # Fedora and its kin
    "/opt/homebrew/opt/postgresql*/bin",  # macOS
    "/usr/local/opt/postgresql*/bin",
)


class PostgresMissing(RuntimeError):
    """PostgreSQL's server programs are not installed."""


def find_programs() -> Path:
    """Return the directory with initdb, postgres and psql: the newest installed, or else the one on PATH.

    Raises:
        PostgresMissing: there is none.
    """
    found = [path for place in _PLACES for path in Path("/").glob(place.lstrip("/")) if (path / "initdb").exists()]
    if found:
        return max(found, key=lambda path: [int(digits) for digits in _digits(str(path))])
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    raise PostgresMissing("PostgreSQL's server programs are not installed; `make test` installs them.")


def _digits(text: str) -> list[str]:
    return "".join(c if c.isdigit() else " " for c in text).split()


class PostgresCluster:
    """A running server. `create_database` gives URLs that SQLAlchemy's asyncpg dialect understands."""

    def __init__(self, programs: Path, directory: Path, owner: int | None) -> None:
        """Describe a server with its files in `directory`, run as the user id `owner` or as ourselves."""
        self.directory = directory
        self._programs = programs
        self._owner = owner
        self._process: subprocess.Popen[bytes] | None = None
        self._names = itertools.count(1)
        self._templates: dict[Callable[[str], object], str] = {}

    # --- databases ---

    def url(self, name: str) -> str:
        """Return the SQLAlchemy URL of a database of this server."""
        return f"postgresql+asyncpg://{SUPERUSER}@/{name}?host={self.directory}"

    def create_database(self, prepare: Callable[[str], object] | None = None) -> str:
        """Return the URL of a new database.

        Args:
            prepare: called with a URL to fill a database, for example to migrate it. It is called once for all
                databases with the same `prepare`, which start as copies of its work.
        """
        name = f"test_{next(self._names)}"
        self.sql(f'CREATE DATABASE "{name}" TEMPLATE "{self._template(prepare)}"')
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Remove a database and end all connections to it."""
        name = url.partition("@/")[2].partition("?")[0]
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _template(self, prepare: Callable[[str], object] | None) -> str:
        if prepare is None:
            return "template1"
        if prepare not in self._templates:
            name = f"template_{next(self._names)}"
            self.sql(f'CREATE DATABASE "{name}"')
            prepare(self.url(name))
            # PostgreSQL copies a database only while nobody is connected, not even a pool that is closing.
            self.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
            self._templates[prepare] = name
        return self._templates[prepare]

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run one statement as the superuser, and return what psql prints."""
        server = ["-h", str(self.directory), "-U", SUPERUSER, "-d", database]
        done = subprocess.run(
            [str(self._programs / "psql"), *server, "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-c", statement],
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{statement}: {done.stderr.strip()}")
        return done.stdout.strip()

    # --- the server ---

    def initialise(self) -> None:
        """Create the files of a new server in the directory."""
        options = ["-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"]
        subprocess.run(
            [self._programs / "initdb", "-D", self.directory / "data", *options],
            cwd=self.directory,
            user=self._owner,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )

    def start(self) -> None:
        """Start the server and wait until it accepts connections."""
        settings = [argument for setting in (*FAST, "listen_addresses=") for argument in ("-c", setting)]
        data, log = self.directory / "data", self.directory / "log"
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", data, "-k", self.directory, *settings],
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C reaches only the tests, which stop the server at their end
                user=self._owner,
            )
        deadline = time.monotonic() + START_SECONDS
        while self._process.poll() is None and time.monotonic() < deadline:
            try:
                self.sql("SELECT 1")
            except RuntimeError:
                time.sleep(0.05)
            else:
                return
        self.stop("immediate")
        raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')[-3000:]}")

    def stop(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        """Stop the server: `fast` ends all connections, `immediate` is a crash that recovery must repair."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGINT if mode == "fast" else signal.SIGQUIT)
        try:
            process.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def restart(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        """Stop and start again, with the same databases behind the same URLs."""
        self.stop(mode)
        self.start()


@contextmanager
def postgres() -> Iterator[PostgresCluster]:
    """Run a new PostgreSQL server; stop it and remove its files afterwards."""
    programs, owner = find_programs(), _unprivileged_user()
    # Not below the tests' own directory, because a Unix socket's path may have only about 100 characters.
    directory = Path(tempfile.mkdtemp(prefix="sparklink-pg-"))
    try:
        if owner is not None:
            os.chown(directory, owner, -1)
        cluster = PostgresCluster(programs, directory, owner)
        cluster.initialise()
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop("immediate")
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _unprivileged_user() -> int | None:
    """Return the id of a user to run as, or None if we are not root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall()}
    return next(known[name] for name in UNPRIVILEGED if name in known)


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{find_programs()}\n")
    except PostgresMissing as missing:
        sys.exit(str(missing))
