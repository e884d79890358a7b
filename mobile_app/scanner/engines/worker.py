"""The process in which ZBar and OpenCV read pictures. `isolate` starts it, sends it pictures and kills it if necessary.

A request is a line of JSON (`engine`, `width`, `height`, `rescue`) followed by the pixels; an answer is a line of JSON.
Neither side unpickles anything, so a decoder that a picture has taken over can send back nothing but symbols.
"""

import contextlib
import json
import os
import resource
import sys
from typing import Any, BinaryIO

import numpy as np

from mobile_app.scanner.engines.decoders import load_engine
from mobile_app.scanner.engines.exchange import to_json

_MEMORY_BYTES = 512 * 1024 * 1024  # on top of what the libraries map; a decoder needs a tenth of it
_CPU_SECONDS = 2


def main() -> None:
    """Answer requests from standard input until it closes."""
    requests = sys.stdin.buffer
    # Decoders print warnings to standard output. Send those elsewhere and keep the channel for answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    for name in sys.argv[1:]:
        load_engine(name)
    _limit_memory()
    _send(answers, {"ready": True})
    while line := requests.readline():
        request = json.loads(line)
        width, height = request["width"], request["height"]
        pixels = np.frombuffer(_read_exactly(requests, width * height), np.uint8).reshape(height, width)
        _limit_cpu()
        engine = load_engine(request["engine"])
        symbols = engine.read(pixels, rescue=request["rescue"]) if engine else []
        _send(answers, {"symbols": [to_json(symbol) for symbol in symbols]})


def _read_exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        sys.exit(0)  # the parent went away in the middle of a picture
    return data


def _send(stream: BinaryIO, answer: dict[str, Any]) -> None:
    stream.write(json.dumps(answer).encode("ascii") + b"\n")
    stream.flush()


def _limit_memory() -> None:
    with contextlib.suppress(OSError, ValueError):  # not every system has such limits; the parent's deadline remains
        with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123 - a kernel file, not a path
            mapped = int(statm.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (mapped + _MEMORY_BYTES, mapped + _MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_cpu() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + _CPU_SECONDS
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    main()
