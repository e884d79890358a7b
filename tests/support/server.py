"""A real Sparklink process for tests, started as a person starts it, on a free loopback port."""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

START_SECONDS = 60
STOP_SECONDS = 15
ROOT = Path(__file__).parents[2]
# Plain http needs no certificates; httpx would read all of them for every request.
TRUSTS_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def free_port() -> int:
    """Return a free loopback port that no other worker of this run will choose."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        if own_share(port):
            return port


def own_share(port: int) -> bool:
    """Return whether this process may use a port, so that two workers of a run never choose the same one."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    # Not by the last bit, because Linux prefers ports with one value of it.
    return (port >> 4) % workers == worker % workers  # a replacement for a crashed worker gets the next number


class ServerProcess:
    """One `python -m server serve`. Stop and start it as often as needed: port and data stay."""

    def __init__(
        self,
        data_dir: Path,
        *,
        demo: bool = True,
        port: int | None = None,
        env: Mapping[str, str] | None = None,
        root: Path = ROOT,
    ) -> None:
        """Describe a server; `start` starts it.

        Args:
            data_dir: where it keeps its data; created if missing.
            demo: whether it has demo data, with test accounts in `demo_data`.
            port: a free one by default.
            env: further environment variables, such as SPARKLINK_DATABASE_URL.
            root: the checkout to run; another one runs in its own `.venv`.
        """
        self.data_dir = data_dir
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        python = sys.executable if root == ROOT else str(root / ".venv" / "bin" / "python")
        self._command = [python, "-m", "server", "serve", *(["--demo"] if demo else [])]
        self._root = root
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("SPARKLINK_")}
        ours = {"SPARKLINK_PORT": str(self.port), "SPARKLINK_DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1"}
        self._env = {**inherited, **ours, **(env or {})}
        self._log = data_dir.with_name(data_dir.name + ".log")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Return the process id; raise RuntimeError if the process was never started."""
        if self._process is None:
            raise RuntimeError("the server was not started")
        return self._process.pid

    @property
    def running(self) -> bool:
        """Return whether the process is alive."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the process and wait until it answers GET /healthz with 200.

        Raises:
            RuntimeError: it ended or did not answer in time; the text contains its output.
        """
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._root,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while self.running and time.monotonic() < deadline:
            if self._answers():
                return
            time.sleep(0.1)
        self.kill()
        raise RuntimeError(f"the server did not start:\n{self.output()}")

    def _answers(self) -> bool:
        try:
            answer = httpx.get(f"{self.url}/healthz", timeout=2, trust_env=False, verify=TRUSTS_NOBODY)
            return answer.status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    def stop(self) -> int:
        """Press Ctrl-C and return the exit code; kill the process if it does not end.

        A clean end is 0; -9 means that it had to be killed.
        """
        if self._process is None:
            return 0
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
        return self._process.returncode

    def kill(self) -> None:
        """End the process immediately, as a crash would."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def output(self, last_characters: int = 20_000) -> str:
        """Return what the process has printed, or only the end if that is long."""
        return self._log.read_text(errors="replace")[-last_characters:] if self._log.exists() else ""

    @property
    def demo_data(self) -> dict[str, Any]:
        """Return the content of demo.json: the addresses, accounts and passwords of the demo."""
        data: dict[str, Any] = json.loads((self.data_dir / "demo.json").read_text())
        return data
