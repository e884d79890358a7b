"""A real `sparklink demo --lan`, and clients that trust its certificate and nothing else."""

import contextlib
import ssl
from pathlib import Path

import httpx

from server.demo import lan
from server.settings import OperatorError
from tests.support.server import ServerProcess


def address() -> str:
    """Return this machine's address in its network, or the loopback address without a network."""
    with contextlib.suppress(OperatorError):
        return lan.find_address()
    return "127.0.0.1"


class LanServer(ServerProcess):
    """`demo --lan`, at the address that phones use."""

    def __init__(self, data_dir: Path) -> None:
        host = address()
        super().__init__(data_dir, env={"SPARKLINK_HOST": host} if host == "127.0.0.1" else {})
        self._command = [*self._command[:3], "demo", "--lan"]
        self.host = host
        self.url = f"https://{host}:{self.port}"

    @property
    def certificate(self) -> Path:
        """Return the path of the running server's PEM file."""
        return self.data_dir / lan.CERTIFICATE_NAME

    def trust(self) -> ssl.SSLContext:
        """Return the context of a client that trusts this certificate and checks its names."""
        return ssl.create_default_context(cafile=self.certificate)

    def _answers(self) -> bool:
        if not self.certificate.exists():
            return False
        try:
            answer = httpx.get(f"{self.url}/healthz", timeout=2, trust_env=False, verify=self.trust())
        except httpx.TransportError:
            return False
        return answer.status_code == httpx.codes.OK
