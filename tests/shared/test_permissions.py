"""The table of permissions, and which sets can be requested and granted."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.permissions import (
    LEVELS,
    NEW_VIDEOS,
    PERMISSIONS,
    SPARK_ADS_NOTE,
    InvalidPermissions,
    Level,
    Permission,
    check_selection,
    in_order,
    spark_ads_ready,
)

ANY = st.lists(st.sampled_from(list(Permission)), max_size=20)


def test_the_table_is_complete() -> None:
    """Every permission and level has its own entry, in a fixed order, with sentences for people."""
    assert list(PERMISSIONS) == list(Permission)
    assert list(LEVELS) == list(Level)
    assert len({info.title for info in PERMISSIONS.values()}) == len(PERMISSIONS)
    assert len({info.short for info in PERMISSIONS.values()}) == len(PERMISSIONS)
    for value, info in PERMISSIONS.items():
        assert info.value is value
        assert info.consequence.endswith(".")
        assert info.stops.endswith(".")
        assert not info.title.endswith(".")
        assert len(info.short) <= 30


def test_the_table_is_that_of_the_product() -> None:
    """Released values are part of the API and stay, in their order; one is recommended and one exclusive."""
    released = [
        "existing_posts",
        "new_videos_ads_only",
        "new_videos_on_profile",
        "live_videos",
        "live_gmv_max",
        "showcase",
        "message_ads",
        "series",
        "manage_account",
    ]
    assert [permission.value for permission in Permission if permission.value in released] == released
    assert [value for value, info in PERMISSIONS.items() if info.recommended] == [Permission.NEW_VIDEOS_ADS_ONLY]
    assert [value for value, info in PERMISSIONS.items() if info.exclusive] == [Permission.LIVE_GMV_MAX]
    assert "Existing posts" in SPARK_ADS_NOTE


@given(ANY)
def test_selections(permissions: list[Permission]) -> None:
    """A selection is valid unless it is empty or has both modes of new videos. Order and repeats do not matter."""
    wanted = set(permissions)
    if not wanted or wanted >= NEW_VIDEOS:
        with pytest.raises(InvalidPermissions, match=r"^[A-Z“].*\.$"):
            check_selection(permissions)
        return
    chosen = check_selection(permissions)
    assert set(chosen) == wanted
    assert chosen == sorted(chosen, key=list(Permission).index)
    assert check_selection(reversed(chosen)) == check_selection([value.value for value in chosen]) == chosen


@given(ANY, st.text(max_size=30))
def test_unknown_permissions_are_refused(permissions: list[Permission], other: str) -> None:
    """A word that is not in the catalogue is refused, whatever else the selection contains."""
    if other in list(Permission):
        return
    with pytest.raises(InvalidPermissions, match="There is no permission called"):
        in_order([*permissions, other])


def test_spark_ads_need_both_kinds() -> None:
    """Exactly the sets with Existing posts and one mode of new videos are enough for Spark Ads."""
    for size in range(len(Permission) + 1):
        for chosen in itertools.combinations(Permission, size):
            expected = Permission.EXISTING_POSTS in chosen and not NEW_VIDEOS.isdisjoint(chosen)
            assert spark_ads_ready(chosen) is expected
