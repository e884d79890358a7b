"""The command behind `sparklink scan` and `python -m mobile_app.scanner`: prints the codes in pictures.

Exit codes: 0 if every picture had a code, 1 if one had none, 2 if one could not be read.
"""

import argparse
import base64
import json as json_lines
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageGrab

from mobile_app.scanner.decode import DEFAULT_BUDGET_MS, Trace, scan_image
from mobile_app.scanner.engines.decoders import engine_report
from mobile_app.scanner.findings import ScannedCode
from mobile_app.scanner.image import UnreadableImage
from mobile_app.scanner.video.camera import Camera, CameraUnavailable
from mobile_app.scanner.video.live import LiveScanner

FOUND, NOTHING_FOUND, UNREADABLE = 0, 1, 2
_PROGRESS_FROM = 20  # pictures
_PICTURE_SUFFIXES = {".png", ".jpg", ".jpeg", ".jpe", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif"}


@dataclass(slots=True)
class _Outcome:
    """The result for one picture."""

    name: str
    codes: list[ScannedCode] = field(default_factory=list)
    error: str | None = None
    trace: Trace = field(default_factory=list)


def run(
    paths: Iterable[str | Path],
    json: bool = False,
    explain: bool = False,
    *,
    camera: int | str | None = None,
    clipboard: bool = False,
    budget_ms: float = DEFAULT_BUDGET_MS,
    pictures: Path | None = None,
) -> int:
    """Read every file (and every picture in every folder) of `paths`, print the codes, return the exit code.

    Instead of files, `camera` reads from a device (its number) until interrupted or from a video file until it ends,
    and `clipboard` reads the picture on the clipboard. `json` prints one JSON object per picture. `explain` prints
    the attempts; with `pictures`, it also writes what the engines saw into that folder.
    """
    if camera is not None:
        return _watch(camera, json)
    if clipboard:
        return _report(_scan_clipboard(budget_ms), json, explain, pictures, several=False)
    files = list(_files(paths))
    several = len(files) > 1
    worst = FOUND
    for number, path in enumerate(files, start=1):
        _progress(number, len(files))
        outcome = _scan(path, str(path), budget_ms)
        _clear_progress(len(files))
        worst = max(worst, _report(outcome, json, explain, pictures, several=several))
    if not files:
        _note("There is no picture to read. Name picture files, or a folder that has some.")
        return UNREADABLE
    return worst


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _note(line: str) -> None:
    sys.stderr.write(line + "\n")


def _report(outcome: _Outcome, json: bool, explain: bool, pictures: Path | None, *, several: bool) -> int:
    _say(as_json(outcome) if json else "\n".join(as_lines(outcome, several)))
    if explain:
        _explain(outcome, pictures)
    return UNREADABLE if outcome.error else FOUND if outcome.codes else NOTHING_FOUND


def _watch(source: int | str, json: bool) -> int:
    """Print each code in front of the camera once, until interrupted or until the video file ends."""
    found = NOTHING_FOUND
    try:
        with Camera(source) as camera:
            for code in LiveScanner.over(camera):
                found = FOUND
                outcome = _Outcome(f"camera {source}", [code])
                _say(as_json(outcome) if json else printable(code.text))
                sys.stdout.flush()
    except CameraUnavailable as error:
        _note(str(error))
        return UNREADABLE
    except KeyboardInterrupt:
        pass
    return found


def _scan_clipboard(budget_ms: float) -> _Outcome:
    outcome = _Outcome("clipboard")
    try:
        content = ImageGrab.grabclipboard()
    except (OSError, NotImplementedError) as error:
        outcome.error = f"The clipboard cannot be reached ({error}). Save the picture to a file and name that."
        return outcome
    if isinstance(content, list) and content:  # copied files rather than pixels
        return _scan(content[0], str(content[0]), budget_ms)
    if not isinstance(content, Image.Image):
        outcome.error = "There is no picture on the clipboard. Copy one, or name a file."
        return outcome
    data = BytesIO()
    content.save(data, "PNG")
    return _scan(data.getvalue(), "clipboard", budget_ms)


def _scan(source: str | Path | bytes, name: str, budget_ms: float) -> _Outcome:
    outcome = _Outcome(name)
    try:
        outcome.codes = scan_image(source, budget_ms=budget_ms, trace=outcome.trace)
    except UnreadableImage as error:
        outcome.error = str(error)
    return outcome


def _files(paths: Iterable[str | Path]) -> Iterator[Path]:
    for path in map(Path, paths):
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix.lower() in _PICTURE_SUFFIXES and p.is_file())
        else:
            yield path


def _progress(number: int, total: int) -> None:
    """Draw a progress bar on standard error, but only for many pictures on a terminal."""
    if _shows_progress(total):
        filled = 30 * number // total
        sys.stderr.write(f"\r[{'#' * filled}{'.' * (30 - filled)}] {number} of {total} pictures")
        sys.stderr.flush()


def _clear_progress(total: int) -> None:
    """Erase the bar: the next output goes to the same line of the terminal."""
    if _shows_progress(total):
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def _shows_progress(total: int) -> bool:
    return total >= _PROGRESS_FROM and sys.stderr.isatty()


def as_json(outcome: _Outcome) -> str:
    """Return one picture's outcome as a line of JSON; the payload's bytes are in base64."""
    codes: list[dict[str, Any]] = [
        {
            "number": number,
            "text": code.text,
            "bytes_base64": base64.b64encode(code.data).decode(),
            "corners": [[round(x, 1), round(y, 1)] for x, y in code.corners],
            "engine": code.engine,
            "attempt": code.attempt,
            "elapsed_ms": round(code.elapsed_ms, 1),
        }
        for number, code in enumerate(outcome.codes, start=1)
    ]
    return json_lines.dumps({"file": outcome.name, "error": outcome.error, "codes": codes}, ensure_ascii=False)


def as_lines(outcome: _Outcome, several: bool) -> Iterator[str]:
    """Yield one picture's outcome as lines for people; several codes are numbered and located."""
    start = f"{printable(outcome.name)}: " if several else ""
    if outcome.error:
        yield f"{start}cannot be read: {printable(outcome.error)}"
    elif not outcome.codes:
        yield f"{start}no code found"
    elif len(outcome.codes) == 1:
        yield f"{start}{printable(outcome.codes[0].text)}"
    else:
        for number, code in enumerate(outcome.codes, start=1):
            x, y = (sum(axis) / 4 for axis in zip(*code.corners, strict=True))
            place = f"{number} of {len(outcome.codes)}, at x {x:.0f}, y {y:.0f}"
            yield f"{start}[{place}] {printable(code.text)}"


def printable(text: str) -> str:
    """Return `text` with control characters escaped: a code must not control the terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def _explain(outcome: _Outcome, pictures: Path | None) -> None:
    for number, entry in enumerate(outcome.trace, start=1):
        if entry.view is None:
            _note(f"  {entry.attempt:28} {entry.engine:10} {entry.note}")
            continue
        height, width = entry.view.gray.shape
        _note(
            f"  {entry.attempt:28} {entry.engine:10} {width:5} x {height:<5} {entry.elapsed_ms:8.1f} ms"
            f"  read {entry.read}, only located {entry.located}"
        )
        if pictures is not None:
            pictures.mkdir(parents=True, exist_ok=True)
            name = f"{Path(outcome.name).stem}-{number:02}-{entry.attempt.replace(' ', '-').replace(':', '')}.png"
            Image.fromarray(entry.view.gray).save(pictures / name)


def main(arguments: Sequence[str] | None = None, prog: str = "python -m mobile_app.scanner") -> int:
    """Run the command `prog` with `arguments` (default: the process's own)."""
    parser = argparse.ArgumentParser(prog=prog, description="Read QR codes from pictures.")
    parser.add_argument("paths", nargs="*", metavar="FILE", help="picture files, or folders of them")
    parser.add_argument("--camera", metavar="N", help="read from camera number N, or a video file, until Ctrl-C")
    parser.add_argument("--clipboard", action="store_true", help="read the picture on the clipboard")
    parser.add_argument("--json", action="store_true", help="one JSON object per picture")
    parser.add_argument("--explain", action="store_true", help="list the attempts")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="with --explain: save what the engines saw")
    parser.add_argument("--budget-ms", type=float, default=DEFAULT_BUDGET_MS, help="time per picture (300)")
    parser.add_argument("--engines", action="store_true", help="list the engines that can be used here, and exit")
    options = parser.parse_args(arguments)
    if options.engines:
        for status in engine_report():
            _say(f"{status.name:10} {status.why}")
        return FOUND
    return run(
        options.paths,
        json=options.json,
        explain=options.explain,
        camera=int(options.camera) if (options.camera or "").isdecimal() else options.camera,
        clipboard=options.clipboard,
        budget_ms=options.budget_ms,
        pictures=options.pictures,
    )
