"""Every Business API endpoint that Sparklink implements, with one module for each of the vendor's resources."""

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
