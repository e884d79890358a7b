"""What an ad needs when it is created and again when it is resumed."""

from typing import Final

import sqlalchemy as sa

from server.actor import Actor
from server.authorizations import service as authorizations
from server.authorizations import use
from server.business_centers import service as business_centers
from server.spark_ads.tables import spark_ads
from server.spark_codes import service as spark_codes
from server.spark_codes.service import PostNotUsable
from server.tiktok_accounts.tables import posts
from shared import wire
from shared.languages import Message
from shared.permissions import Permission
from shared.wire import AdMode

TAKEN_OFF: Final = Message("A business has taken this post off the profile for its own ads. Use another post.")


def require(
    connection: sa.Connection, actor: Actor, bc_id: str, account_id: str, permission: Permission, advertiser_id: str
) -> None:
    """Refuse unless the account grants this to the Business Center and the caller may use it; see `use.require_use`."""
    # A revoke that comes at the same time waits for this commit, or this sees it: never both.
    business_centers.require_member(connection, actor, bc_id)
    authorizations.lock_active(connection, bc_id, account_id)
    use.require_use(connection, actor, bc_id, account_id, permission, advertiser_id=advertiser_id)


def require_shown(connection: sa.Connection, ad: wire.SparkAd) -> None:
    """Refuse with `PostNotUsable` unless people may see the post of an ad."""
    query = sa.select(posts.c.deleted_at, posts.c.private, posts.c.ads_only)
    row = connection.execute(query.where(posts.c.post_id == ad.post.post_id)).one()
    if row.deleted_at is not None:
        raise PostNotUsable(why="The account owner has deleted this post, so the ad cannot run. Use another post.")
    if row.private and (ad.mode is AdMode.PULL or not row.ads_only):
        raise PostNotUsable(why="The account owner has made this post private, so the ad cannot run. Use another post.")
    if row.ads_only and ad.mode is AdMode.PULL:
        raise PostNotUsable(why=TAKEN_OFF)


def require_same_code(connection: sa.Connection, actor: Actor, ad: wire.SparkAd) -> None:
    """Refuse unless an ad's Spark code is still the one of its post; see `spark_codes.require_use`."""
    # An ad stays with the code it was made by: a newer one is the creator's word for new ads.
    newest = spark_codes.require_use(connection, actor, ad.bc_id, ad.advertiser_id, ad.post.post_id)
    query = sa.select(spark_ads.c.spark_code_id).where(spark_ads.c.ad_id == ad.ad_id)
    if connection.execute(query).scalar_one() != newest:
        raise spark_codes.SparkCodeOver(
            how=Message("was replaced by a newer one. Make a new ad with it, or leave this paused")
        )
