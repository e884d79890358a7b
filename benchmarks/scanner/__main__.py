"""Compare our scanner with other readers on the seeded corpus, in one run; write the table and the plot to docs/.

    python -m benchmarks.scanner [--per-kind 12] [--seed 20260] [--write]

Times are CPU time on this machine in this run, so compare ratios. Our times include the worker processes.
"""

import argparse
import os
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import zxingcpp
from pyzbar.pyzbar import ZBarSymbol
from pyzbar.pyzbar import decode as zbar_decode

from benchmarks.scanner.corpus import KINDS, corpus
from benchmarks.scanner.drawing import Gray
from mobile_app.scanner.decode import DEFAULT_BUDGET_MS, Clock, search
from mobile_app.scanner.engines.isolate import pool
from mobile_app.scanner.preprocess import View, scaling

DOCS = Path(__file__).resolve().parents[2] / "docs"
OURS = "sparklink"
Reader = Callable[[Gray], list[str]]


@dataclass
class Score:
    """How one reader did on the pictures of one kind."""

    read: int = 0
    wrong: int = 0
    cpu_ms: list[float] = field(default_factory=list)


def readers() -> dict[str, Reader]:
    """Return every reader by name, ours first; a reader takes grey pixels and returns texts."""
    detector = cv2.QRCodeDetector()

    def ours(gray: Gray) -> list[str]:
        return [code.text for code in search(View(gray, scaling(1, 1)), Clock(DEFAULT_BUDGET_MS))]

    def zxing(gray: Gray) -> list[str]:
        qr, plain = zxingcpp.BarcodeFormat.QRCode, zxingcpp.TextMode.Plain
        return [barcode.text for barcode in zxingcpp.read_barcodes(gray, formats=qr, text_mode=plain)]

    def zbar(gray: Gray) -> list[str]:
        return [symbol.data.decode("utf-8", "replace") for symbol in zbar_decode(gray, symbols=[ZBarSymbol.QRCODE])]

    def opencv(gray: Gray) -> list[str]:
        try:
            return [text for text in detector.detectAndDecodeMulti(gray)[1] if text]
        except (cv2.error, UnicodeDecodeError):
            return []

    return {OURS: ours, "zxing-cpp": zxing, "pyzbar": zbar, "OpenCV": opencv}


def cpu_ms() -> float:
    """Return the CPU time of this process and its living workers, in milliseconds."""
    total = time.process_time() * 1e3
    tick = os.sysconf("SC_CLK_TCK")
    for process_id in pool().process_ids():
        fields = Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()
        total += (int(fields[11]) + int(fields[12])) * 1e3 / tick
    return total


def measure(per_kind: int, seed: int) -> dict[str, dict[str, Score]]:
    """Return reader -> kind -> score; a picture counts as read if every text in it was found."""
    cv2.setNumThreads(1)
    every = readers()
    scores: dict[str, dict[str, Score]] = {name: defaultdict(Score) for name in every}
    every[OURS](next(corpus(1, seed)).gray)  # warm up: imports and tables load once
    pool().warm()
    for sample in corpus(per_kind, seed):
        for name, read in every.items():
            began = cpu_ms()
            texts = set(read(sample.gray))
            score = scores[name][sample.kind]
            score.cpu_ms.append(cpu_ms() - began)
            score.read += bool(sample.texts) and texts >= set(sample.texts)
            score.wrong += bool(texts - set(sample.texts))
    return scores


def table(scores: dict[str, dict[str, Score]], per_kind: int) -> str:
    """Return the scores as a Markdown table."""
    names = list(scores)
    lines = ["| kind | " + " | ".join(names) + " |", "|---|" + "---:|" * len(names)]
    lines += [
        f"| {kind} | " + " | ".join(str(scores[name][kind].read) for name in names) + " |"
        for kind in KINDS
        if kind != "nothing"
    ]
    readable = per_kind * (len(KINDS) - 1)
    totals = [sum(score.read for score in scores[name].values()) for name in names]
    lines.append(f"| **read of {readable}** | " + " | ".join(f"**{total}**" for total in totals) + " |")
    wrong = [sum(score.wrong for score in scores[name].values()) for name in names]
    lines.append("| wrong texts | " + " | ".join(map(str, wrong)) + " |")
    for label, pick in (("mean", _mean), ("95 %", _ninety_fifth)):
        values = [pick([ms for score in scores[name].values() for ms in score.cpu_ms]) for name in names]
        lines.append(f"| CPU ms, {label} | " + " | ".join(f"{value:.1f}" for value in values) + " |")
    return "\n".join(lines)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _ninety_fifth(values: list[float]) -> float:
    return sorted(values)[int(0.95 * len(values))]


def plot(scores: dict[str, dict[str, Score]], per_kind: int) -> str:
    """Return an SVG: the share read per kind, ours and that of the best other reader for the kind."""
    kinds = [kind for kind in KINDS if kind != "nothing"]
    peers = [name for name in scores if name != OURS]
    row, left, width = 24, 130, 460
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 60} {row * len(kinds) + 60}" '
        'font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<rect x="{left}" y="8" width="12" height="12" fill="#0b7285"/><text x="{left + 18}" y="18">Sparklink</text>',
        f'<rect x="{left + 110}" y="8" width="12" height="12" fill="#adb5bd"/>'
        f'<text x="{left + 128}" y="18">best other reader</text>',
    ]
    for number, kind in enumerate(kinds):
        y = 34 + number * row
        ours = scores[OURS][kind].read / per_kind
        best = max(scores[name][kind].read for name in peers) / per_kind
        parts.append(f'<text x="{left - 8}" y="{y + 13}" text-anchor="end">{kind}</text>')
        parts.append(f'<rect x="{left}" y="{y}" width="{width * ours:.0f}" height="9" fill="#0b7285"/>')
        parts.append(f'<rect x="{left}" y="{y + 10}" width="{width * best:.0f}" height="7" fill="#adb5bd"/>')
        parts.append(f'<text x="{left + width + 8}" y="{y + 13}">{100 * ours:.0f} %</text>')
    return "\n".join([*parts, "</svg>", ""])


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--per-kind", type=int, default=12)
    parser.add_argument("--seed", type=int, default=20_260)
    parser.add_argument("--write", action="store_true", help="write docs/scanner-benchmark.md and .svg")
    options = parser.parse_args()
    scores = measure(options.per_kind, options.seed)
    text = table(scores, options.per_kind)
    print(text)
    if options.write:
        heading = (
            "# The scanner compared with other readers\n\n"
            f"`python -m benchmarks.scanner --per-kind {options.per_kind} --seed {options.seed} --write` "
            "wrote this file. In one run, all readers see the same grey pixels on one thread. A picture counts as read "
            "if a reader finds every text in it.\n\n"
            "![Share read by kind](scanner-benchmark.svg)\n\n"
        )
        (DOCS / "scanner-benchmark.md").write_text(heading + text + "\n", encoding="utf-8")
        (DOCS / "scanner-benchmark.svg").write_text(plot(scores, options.per_kind), encoding="utf-8")


if __name__ == "__main__":
    main()
