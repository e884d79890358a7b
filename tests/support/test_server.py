"""The real server process that journeys use, and how the program starts and ends."""

from collections.abc import Callable

import httpx
import pytest

from tests.support.server import ServerProcess

StartServer = Callable[..., ServerProcess]


def test_ctrl_c_ends_the_program_cleanly(start_server: StartServer) -> None:
    """Ctrl-C ends the program with exit code 0 and no traceback, so that `make run` reports no error."""
    server = start_server()
    assert server.stop() == 0, server.output()
    assert "Traceback" not in server.output()


def test_the_second_start_keeps_port_and_data(start_server: StartServer) -> None:
    """After a crash the server starts again with its port, its data and the same logins."""
    server = start_server()
    logins = server.demo_data
    server.kill()
    assert not server.running
    server.start()
    assert httpx.get(f"{server.url}/healthz", trust_env=False).status_code == 200
    assert server.demo_data == logins


def test_a_start_that_fails_tells_why(start_server: StartServer) -> None:
    """The error of a failed start contains what the server printed."""
    with pytest.raises(RuntimeError, match="SPARKLINK_PORT"):
        start_server(env={"SPARKLINK_PORT": "no port"})
