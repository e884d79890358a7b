"""Every endpoint of the Business API that Sparklink has: one module for each resource of the vendor's."""

from typing import Final

from server.business_api.endpoints import Endpoint
from server.business_api.resources import ad, asset, bc, changelog, content, identity, member, oauth2, tt_video, video

ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    *bc.ENDPOINTS,
    *asset.ENDPOINTS,
    *member.ENDPOINTS,
    *identity.ENDPOINTS,
    *video.ENDPOINTS,
    *content.ENDPOINTS,
    *ad.ENDPOINTS,
    *tt_video.ENDPOINTS,
    *oauth2.ENDPOINTS,
    *changelog.ENDPOINTS,
)
