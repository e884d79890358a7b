"""The business whose Spark Ads are tested."""

import pytest

from tests.server.spark_ads.business import Business
from tests.server.world import World


@pytest.fixture
def business(world: World) -> Business:
    """The Business Center of alice, with nothing linked yet."""
    return Business(world)
