"""The business whose Spark Ads are tested."""

import pytest

from tests.server.spark_ads.business import Business
from tests.server.world import World


@pytest.fixture
def business(world: World) -> Business:
    """Return alice's Business Center, with nothing linked yet."""
    return Business(world)
