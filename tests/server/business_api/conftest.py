"""A server for the vendor's client to talk to."""

from collections.abc import Iterator

import pytest

from tests.server.business_api.story import Story
from tests.support.server import ServerProcess


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Start a server for the tests of one module."""
    server = ServerProcess(tmp_path_factory.mktemp("sdk") / "data")
    server.start()
    told = Story(server)
    yield told
    told.client.rest_client.pool_manager.clear()
    told.http.close()
    server.stop()
