"""Fixtures for every journey: a server with demo data, and accounts that are not linked to anything yet."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.api import AdminApi, OwnerApi
from tests.journeys.people import Admin, Owner
from tests.support.server import ServerProcess


@pytest.fixture
def admin_api(demo_server: ServerProcess) -> AdminApi:
    """Return alice without the console."""
    return AdminApi(demo_server)


@pytest.fixture
def unlinked(demo_server: ServerProcess, admin_api: AdminApi) -> Callable[[str], OwnerApi]:
    """Return a function that unlinks an owner's account, deletes its ads, and returns the owner's API."""

    def unlink(handle: str) -> OwnerApi:
        owner = OwnerApi(demo_server, handle)
        owner.revoke_all()
        admin_api.delete_ads(handle)
        return owner

    return unlink


@pytest.fixture
def mia(phone: Page, demo_server: ServerProcess, unlinked: Callable[[str], OwnerApi]) -> Owner:
    """Return mia with her phone; her account has no links."""
    unlinked("mia.bakes")
    return Owner(phone, demo_server, "mia.bakes")


@pytest.fixture
def alice(page: Page, demo_server: ServerProcess) -> Admin:
    """Return alice at the console, signed in."""
    admin = Admin(page, demo_server)
    admin.sign_in()
    return admin
