"""The commands in the documents work as written."""

import importlib.util
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from server.commands.main import cli
from shared.qr import draw_png
from tests.project.documents import ROOT, commands, documents, prose
from tests.support.server import ServerProcess

TEXTS = [path.read_text(encoding="utf-8") for path in documents() if path.name != "CHANGELOG.md"]
LINES = sorted({line for text in TEXTS for line in commands(text)})
# Commands that a test cannot run as written, and why.
NOT_RUN = {
    "serve": "runs until Ctrl-C; tests/support/server.py starts it for most tests",
    "demo": "runs until Ctrl-C; tests/server/commands/test_lan.py starts it",
    "app": "opens a window; tests/mobile_app/test_desktop_camera.py simulates one",
    "create-admin": "asks for its answers; tests/server/commands/test_cli.py gives them",
    "scan --camera": "needs a camera; tests/mobile_app/test_desktop_camera.py simulates one",
    "scan --clipboard": "needs a desktop; tests/mobile_app/scanner simulates one",
}


def _of_sparklink(line: str) -> list[str] | None:
    words = shlex.split(line) if "sparklink" in line else []
    return words[1:] if words and Path(words[0]).name == "sparklink" else None


RUN = [
    line
    for line in LINES
    if (words := _of_sparklink(line)) is not None and not " ".join(words).startswith(tuple(NOT_RUN))
]


@pytest.mark.parametrize("line", RUN)
def test_a_command_of_sparklink_succeeds(line: str, demo_server: ServerProcess, tmp_path: Path) -> None:
    """Every command that can run does so beside a server with demo data, and ends with exit code 0."""
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    words = [_in_place_of(word, tmp_path) for word in _of_sparklink(line) or []]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SPARKLINK_DATA_DIR": str(demo_server.data_dir)}
    done = subprocess.run(
        [sys.executable, "-m", "server", *words],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _in_place_of(word: str, folder: Path) -> str:
    """Return a word of a command, after making the picture it names if the project does not have it."""
    if not word.endswith((".jpg", ".png", "/", "...")) or (folder / word).exists():
        return word
    place = folder / word.replace("FILE...", "one.png")
    picture = place / "one.png" if word.endswith("/") else place
    picture.parent.mkdir(exist_ok=True)
    picture.write_bytes(draw_png("hello"))
    return str(place)


def test_every_command_that_is_named_exists() -> None:
    """Everything that documents call `sparklink something` is a command, with the options shown beside it."""
    spans = [span for text in TEXTS for span in re.findall(r"`([^`\n]+)`", prose(text))]
    named = [words for line in [*spans, *LINES] if (words := _of_sparklink(line)) is not None]
    assert len(named) > 10
    for words in named:
        command, rest = typer.main.get_command(cli), list(words)
        while rest and rest[0] in (subcommands := getattr(command, "commands", {})):
            command = subcommands[rest.pop(0)]
        assert not hasattr(command, "commands") or rest in ([], ["--help"]), words
        if not command.context_settings.get("ignore_unknown_options"):  # `scan` parses its options itself
            known = {"--help", *(option for parameter in command.params for option in parameter.opts)}
            assert {word for word in rest if word.startswith("--")} <= known, words


def test_every_module_that_is_run_exists() -> None:
    """`python -m benchmarks.something` names a module, `python -m pytest tests/something` a file or folder."""
    spans = [span for text in TEXTS for span in re.findall(r"`([^`\n]+)`", prose(text))]
    for module, rest in re.findall(r"python3? -m ([\w.]+)(.*)", "\n".join([*spans, *LINES])):
        assert importlib.util.find_spec(module), module
        for path in re.findall(r"(?<=\s)tests/[\w./]+", rest):
            assert (ROOT / path).exists(), path
