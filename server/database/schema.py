"""Every table of every domain, gathered for migrations and for the test that both agree."""

from server.ad_accounts import tables as ad_accounts
from server.auth import tables as auth
from server.authorizations import tables as authorizations
from server.business_api import tables as business_api
from server.business_centers import tables as business_centers
from server.database.columns import metadata
from server.events import tables as events
from server.link_requests import tables as link_requests
from server.spark_ads import tables as spark_ads
from server.spark_codes import tables as spark_codes
from server.tiktok_accounts import tables as tiktok_accounts

__all__ = [
    "ad_accounts",
    "auth",
    "authorizations",
    "business_api",
    "business_centers",
    "events",
    "link_requests",
    "metadata",
    "spark_ads",
    "spark_codes",
    "tiktok_accounts",
]
