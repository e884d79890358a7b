"""Every endpoint of the Business API that Sparklink has."""

from typing import Final

from server.business_api import asset, bc, changelog, content, identity, member, oauth2
from server.business_api.endpoints import Endpoint

ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    *bc.ENDPOINTS,
    *asset.ENDPOINTS,
    *member.ENDPOINTS,
    *identity.ENDPOINTS,
    *content.ENDPOINTS,
    *oauth2.ENDPOINTS,
    *changelog.ENDPOINTS,
)
