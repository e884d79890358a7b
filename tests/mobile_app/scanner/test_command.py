"""The command: what it prints, and its exit codes."""

import contextlib
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from mobile_app.scanner.command import main, run
from tests.mobile_app.scanner.pictures import LINK, draw, encode, place, scene


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a code, two codes, no code, and no picture."""
    two = np.full((300, 600), 255, np.uint8)
    place(two, draw("left"), 240, 150, 150)
    place(two, draw("right"), 240, 450, 150)
    (tmp_path / "a-code.png").write_bytes(encode(draw()))
    (tmp_path / "b-two.png").write_bytes(encode(two))
    (tmp_path / "c-none.png").write_bytes(encode(np.full((99, 99), 255, np.uint8)))
    (tmp_path / "d-broken.png").write_bytes(b"broken")
    (tmp_path / "notes.txt").write_text("not a picture, and not asked for")
    return tmp_path


def test_prints_the_text_of_one_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For one file with one code, the output is only its text."""
    assert run([folder / "a-code.png"]) == 0
    assert capsys.readouterr().out == LINK + "\n"


def test_tells_several_codes_apart(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Several codes in one picture are numbered and located."""
    assert run([str(folder / "b-two.png")]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("[1 of 2, at x 1")
    assert first.endswith("] left")
    assert second.endswith("] right")


def test_exit_codes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """0: every picture has a code; 1: one has none; 2: one is unreadable, or there is nothing to read."""
    assert run([folder / "c-none.png"]) == 1
    assert run([folder / "a-code.png", folder / "c-none.png"]) == 1
    assert run([folder / "d-broken.png", folder / "a-code.png"]) == 2
    assert run([folder / "absent.png"]) == 2
    assert run([]) == 2
    assert "Name picture files" in capsys.readouterr().err


def test_a_folder_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder yields one JSON object per picture, with the exact text, bytes and corners."""
    assert run([folder], json=True) == 2
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [Path(row["file"]).name for row in rows] == ["a-code.png", "b-two.png", "c-none.png", "d-broken.png"]
    assert [len(row["codes"]) for row in rows] == [1, 2, 0, 0]
    assert rows[0]["codes"][0]["text"] == LINK
    assert len(rows[0]["codes"][0]["corners"]) == 4
    assert "picture" in rows[3]["error"]


def test_the_progress_bar_leaves_no_trace_in_the_output(tmp_path: Path) -> None:
    """A terminal shows a progress bar, which disappears before each picture's line."""
    for number in range(25):
        (tmp_path / f"{number:02}.png").write_bytes(encode(draw(f"code {number}", 3)))
    ours, theirs = pty.openpty()
    scan = [sys.executable, "-m", "mobile_app.scanner", str(tmp_path)]
    process = subprocess.Popen(scan, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    seen = b""
    with contextlib.suppress(OSError):  # Linux raises it when the other end closes
        while part := os.read(ours, 4096):
            seen += part
    os.close(ours)
    assert process.wait() == 0
    assert b"13 of 25 pictures" in seen
    # Of each line, a terminal shows what follows the last erasure.
    shown = [line.rpartition(b"\x1b[K")[2].decode() for line in seen.split(b"\r\n")]
    assert shown == [f"{tmp_path}/{number:02}.png: code {number}" for number in range(25)] + [""]


def test_a_code_cannot_control_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Control characters in a payload are printed escaped."""
    path = tmp_path / "code.png"
    path.write_bytes(encode(draw(b"\x1b]0;owned\x07\nnext")))
    run([path])
    assert capsys.readouterr().out == "\\x1b]0;owned\\x07\\nnext\n"


def test_explain_shows_the_attempts(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`explain` lists the attempts and saves what the engines saw."""
    run([folder / "c-none.png"], explain=True, pictures=tmp_path / "seen")
    assert "zxing-cpp" in capsys.readouterr().err
    assert len(list((tmp_path / "seen").glob("c-none-*.png"))) > 3


def test_reads_a_video_as_a_camera(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With `camera`, each code is printed once; a missing camera gives a clear error."""
    path = tmp_path / "video.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 30, (640, 480))
    frame = scene()
    place(frame, draw(), 250, 320, 240, 4)
    for _ in range(4):
        writer.write(cv2.cvtColor(frame, cv2.COLOR_GRAY2BGR))
    writer.release()
    assert main(["--camera", str(path)]) == 0
    assert capsys.readouterr().out == LINK + "\n"
    assert main(["--camera", "97"]) == 2
    assert "no camera number 97" in capsys.readouterr().err


def test_an_unreachable_clipboard_is_a_clear_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a desktop there is no clipboard: the exit code is 2, with a clear error."""
    for variable in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("PATH", "/nonexistent")
    assert run([], clipboard=True) == 2
    assert "lipboard" in capsys.readouterr().out
