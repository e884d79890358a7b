"""The command `sparklink`: everything an admin can do from a shell, run as a person runs it."""

import io
import json
import os
import re
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
import zxingcpp
from PIL import Image

from server.commands.local import remember_origin
from server.commands.main import main
from server.database.sqlite import make_engine
from server.settings import Settings


@dataclass(frozen=True)
class Finished:
    """The result of a command: its exit code and its output."""

    code: int
    stdout: str
    stderr: str


class Shell:
    """Run `sparklink` with its own data directory in this process, where it starts in milliseconds."""

    def __init__(self, data_dir: Path, env: Mapping[str, str] | None = None) -> None:
        self.data_dir = data_dir
        self._env = {"SPARKLINK_DATA_DIR": str(data_dir), **(env or {})}

    def run(self, *arguments: str) -> Finished:
        """Run one command and return what it printed."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            for name in [name for name in os.environ if name.startswith("SPARKLINK_")]:
                patch.delenv(name)
            for name, value in self._env.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["sparklink", *arguments])
            with pytest.raises(SystemExit) as ended:
                main()
        return Finished(int(ended.value.code or 0), out.getvalue(), err.getvalue())

    def ok(self, *arguments: str) -> str:
        """Run one command that must succeed and return its output."""
        done = self.run(*arguments)
        assert done.code == 0, done.stderr
        return done.stdout


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Return a shell with an empty data directory."""
    return Shell(tmp_path / "data")


@pytest.fixture
def seeded(shell: Shell) -> Shell:
    """Return a shell with a demo database."""
    shell.ok("seed")
    return shell


def test_code_is_made_drawn_listed_and_cancelled(seeded: Shell, tmp_path: Path) -> None:
    """An admin makes a code with pictures, finds it in the list, and cancels it."""
    png, svg = tmp_path / "code.png", tmp_path / "code.svg"
    made = seeded.ok("code", "create", "--bc", "Northwind Coffee", "--png", str(png), "--svg", str(svg))
    request_id = re.search(r"Link request (\d+): pending", made)
    assert request_id is not None
    link = re.search(r"http://127\.0\.0\.1:8000/l#[\w-]{22}", made)
    assert link is not None
    assert zxingcpp.read_barcodes(Image.open(png))[0].text == link[0]
    assert svg.read_text().startswith("<")
    assert re.search(r"Typed code: [B-Z]{5}-[B-Z]{5}", made)

    center = ("--as", "alice@northwind.example")
    assert "pending" in seeded.ok("code", "list", *center)
    assert link[0] in seeded.ok("code", "show", request_id[1], *center)
    seeded.ok("code", "cancel", request_id[1], *center)
    shown = seeded.ok("code", "show", request_id[1], *center)
    assert "cancelled" in shown
    assert link[0] not in shown


def test_terminal_drawing_can_be_scanned(seeded: Shell) -> None:
    """A scanner can read the code that the terminal draws with block characters."""
    made = seeded.ok("code", "create", "--as", "alice@northwind.example")
    rows = [line for line in made.splitlines() if line and set(line) <= set(" ▄▀█")]
    upper = {"█": 255, "▀": 255, "▄": 0, " ": 0}
    lower = {"█": 255, "▀": 0, "▄": 255, " ": 0}
    pixels = [[shade[cell] for cell in row] for row in rows for shade in (upper, lower)]
    picture = Image.new("L", (len(pixels[0]), len(pixels)), 255)
    picture.putdata([value for line in pixels for value in line])
    picture = picture.resize((picture.width * 8, picture.height * 8), Image.Resampling.NEAREST)
    assert zxingcpp.read_barcodes(picture)[0].text in made


def test_codes_carry_the_address_that_is_served(seeded: Shell) -> None:
    """A code made beside a server carries that server's address, whatever this shell has set."""
    guessed = seeded.ok("code", "create", "--as", "alice@northwind.example")
    assert "http://127.0.0.1:8000/l#" in guessed
    assert "No server was started" in guessed, "the output says that it guessed"
    remember_origin(Settings(data_dir=seeded.data_dir, port=8765))
    assert "No server" not in seeded.ok("code", "create", "--as", "alice@northwind.example")
    assert "http://127.0.0.1:8765/l#" in seeded.ok("code", "create", "--as", "alice@northwind.example")


def test_a_wrong_option_is_not_reported_as_a_setting(seeded: Shell) -> None:
    """A wrong option is reported under the name that was typed, not as a setting."""
    refused = seeded.run("code", "create", "--as", "alice@northwind.example", "--lifetime", "0")
    assert refused.code == 1
    assert "lifetime_seconds" in refused.stderr
    assert "SPARKLINK_" not in refused.stderr


def test_two_centers_need_a_choice(seeded: Shell) -> None:
    """A command that cannot tell which Business Center is meant lists them."""
    refused = seeded.run("code", "create")
    assert refused.code == 1
    assert "Northwind Coffee" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_first_admin_is_made_from_a_shell(shell: Shell) -> None:
    """Without the demo, the first admin and Business Center come from the command line."""
    shell.ok("migrate")
    arguments = ("--email", "Dana@Example.org", "--name", "Dana", "--center", "Harbor", "--password", "a long password")
    assert "Dana@Example.org" in shell.ok("create-admin", *arguments)
    assert "pending" in shell.ok("code", "create")
    short = shell.run("create-admin", *arguments[:-1], "short")
    assert short.code == 1
    assert "12 characters" in short.stderr


def test_seed_leaves_a_used_database_alone(seeded: Shell) -> None:
    """Seeding a database that contains people changes nothing and says so."""
    before = (seeded.data_dir / "demo.json").read_text()
    refused = seeded.run("seed")
    assert refused.code == 1
    assert "left alone" in refused.stderr
    assert (seeded.data_dir / "demo.json").read_text() == before


def test_missing_database_is_explained(shell: Shell) -> None:
    """A command that needs a database says how to make one, and creates no empty file by accident."""
    refused = shell.run("code", "list")
    assert refused.code == 1
    assert "sparklink migrate" in refused.stderr
    assert not (shell.data_dir / "sparklink.db").exists()


def test_audit_verify_finds_a_changed_row(seeded: Shell) -> None:
    """The log of a fresh demo is intact; after somebody rewrites a row, the check fails and names it."""
    assert "whole" in seeded.ok("audit", "verify")
    with make_engine(f"sqlite:///{seeded.data_dir / 'sparklink.db'}").begin() as connection:
        connection.execute(sa.text("DROP TRIGGER events_no_update"))
        connection.execute(sa.text("UPDATE events SET actor_name = 'Mallory' WHERE sequence = 2"))
    refused = seeded.run("audit", "verify")
    assert refused.code == 1
    assert "row 2: the row was changed" in refused.stderr


def test_scan_reads_pictures_and_refuses_other_files(seeded: Shell, tmp_path: Path) -> None:
    """`sparklink scan` prints the text of a picture; any other file gets a sentence and exit code 2."""
    png = tmp_path / "code.png"
    seeded.ok("code", "create", "--as", "alice@northwind.example", "--png", str(png))
    assert "/l#" in seeded.ok("scan", str(png))
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"not a picture")
    refused = seeded.run("scan", str(broken))
    assert refused.code == 2
    assert "Traceback" not in refused.stderr


def test_openapi_is_printed_without_a_data_directory(shell: Shell) -> None:
    """The API description needs no database and leaves nothing behind."""
    description = json.loads(shell.ok("openapi"))
    assert "/api/v1/link-requests/open" in description["paths"]
    assert not shell.data_dir.exists()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SPARKLINK_PORT", "high", "SPARKLINK_PORT"),
        ("SPARKLINK_BASE_URL", "link.example.com", "SPARKLINK_BASE_URL"),
        ("SPARKLINK_BASE_URL", "https://user:pw@link.example.com", "SPARKLINK_BASE_URL"),
        ("SPARKLINK_BASE_URL", "https://link.example.com:99999", "SPARKLINK_BASE_URL"),
        ("SPARKLINK_LINK_CODE_KEY", "ab" * 8, "SPARKLINK_LINK_CODE_KEY"),
        ("SPARKLINK_LINK_CODE_KEY", "xy" * 32, "SPARKLINK_LINK_CODE_KEY"),
        ("SPARKLINK_HOST", "0.0.0.0", "SPARKLINK_BASE_URL"),  # noqa: S104 - refused
    ],
)
def test_wrong_setting_is_named(tmp_path: Path, name: str, value: str, said: str) -> None:
    """A wrong setting is named in one line, not in a traceback."""
    refused = Shell(tmp_path / "data", {name: value}).run("serve")
    assert refused.code == 1
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    "setting",
    [{"SPARKLINK_HOST": "192.0.2.1"}, {"SPARKLINK_BASE_URL": "https://link.example.com"}],
    ids=["host", "proxy"],
)
def test_demo_is_refused_beyond_loopback(setting: dict[str, str], tmp_path: Path) -> None:
    """Demo mode has published passwords, so it serves no network, directly or through a proxy."""
    refused = Shell(tmp_path / "data", setting).run("serve", "--demo")
    assert refused.code == 1
    assert "127.0.0.1 only" in refused.stderr
