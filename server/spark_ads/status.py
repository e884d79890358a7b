"""Whether an ad runs, and if not, why: computed on each query from everything the ad depends on."""

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from server.ad_accounts.tables import ad_account_links, ad_accounts
from server.authorizations.tables import authorizations
from server.business_centers.tables import business_centers as centers
from server.spark_ads.tables import spark_ads
from server.spark_codes.tables import spark_code_uses, spark_codes
from server.tiktok_accounts import posts as post_service
from server.tiktok_accounts import service as tiktok_accounts
from server.tiktok_accounts.tables import posts
from server.tiktok_accounts.tables import tiktok_accounts as accounts
from shared import wire
from shared.languages import Message
from shared.permissions import Permission
from shared.wire import PauseReason as Reason

_AD_COLUMNS: Final = tuple(column.label(f"ad_{column.key}") for column in spark_ads.c)
_LINK: Final = sa.and_(
    ad_account_links.c.bc_id == spark_ads.c.bc_id,
    ad_account_links.c.account_id == spark_ads.c.account_id,
    ad_account_links.c.advertiser_id == spark_ads.c.advertiser_id,
)
_AUTHORIZATION: Final = sa.and_(
    authorizations.c.bc_id == spark_ads.c.bc_id,
    authorizations.c.account_id == spark_ads.c.account_id,
    authorizations.c.ended_at.is_(None),
)
_USE: Final = sa.and_(
    spark_code_uses.c.spark_code_id == spark_ads.c.spark_code_id,
    spark_code_uses.c.advertiser_id == spark_ads.c.advertiser_id,
)
# One row per ad, with everything that decides whether it runs.
ADS: Final = (
    sa.select(*_AD_COLUMNS, *post_service.COLUMNS)
    .add_columns(*tiktok_accounts.ACCOUNT, ad_accounts.c.name.label("advertiser_name"))
    .add_columns(centers.c.name.label("bc_name"), centers.c.verified.label("bc_verified"))
    .add_columns(authorizations.c.granted, ad_account_links.c.linked_at)
    .add_columns(spark_codes.c.expires_at, spark_codes.c.revoked_at, spark_code_uses.c.authorized_at)
    .select_from(
        spark_ads.join(post_service.WITH_MEDIA, posts.c.post_id == spark_ads.c.post_id)
        .join(accounts, accounts.c.account_id == spark_ads.c.account_id)
        .join(ad_accounts, ad_accounts.c.advertiser_id == spark_ads.c.advertiser_id)
        .join(centers, centers.c.bc_id == spark_ads.c.bc_id)
        .outerjoin(ad_account_links, _LINK)
        .outerjoin(authorizations, _AUTHORIZATION)
        .outerjoin(spark_codes, spark_codes.c.spark_code_id == spark_ads.c.spark_code_id)
        .outerjoin(spark_code_uses, _USE)
    )
    .where(spark_ads.c.state != sa.literal_column("'deleted'"))
    .order_by(spark_ads.c.ad_id.desc())
)
AD_ID: Final = ADS.selected_columns.ad_ad_id

_WORDS: Final[dict[Reason, tuple[Message, Message]]] = {
    Reason.PAUSED_BY_USER: (
        Message("Somebody at the business paused this ad."),
        Message("Resume it when it should run again."),
    ),
    Reason.POST_DELETED: (Message("The account owner deleted the post."), Message("Make a new ad with another post.")),
    Reason.POST_PRIVATE: (
        Message("The account owner made the post private."),
        Message("Ask the owner to make it public again."),
    ),
    Reason.AUTHORIZATION_ENDED: (
        Message("The account is no longer linked to the Business Center."),
        Message("Link the account again with a new QR code."),
    ),
    Reason.AD_ACCOUNT_UNLINKED: (
        Message("The ad account is no longer linked to the TikTok account."),
        Message("An admin of the Business Center can link it on the account's page."),
    ),
    Reason.SPARK_CODE_EXPIRED: (Message("The Spark code has expired."), Message("Ask the creator for a new code.")),
    Reason.SPARK_CODE_REVOKED: (
        Message("The creator revoked the Spark code."),
        Message("Ask the creator for a new code."),
    ),
    Reason.SPARK_CODE_UNBOUND: (
        Message("The ad account no longer uses the Spark code of this post."),
        Message("Enter the creator's code for the ad account again."),
    ),
}


# The permissions of which an ad needs one, with a whole sentence for each set, so that it can be translated.
TURNED_OFF: Final = {
    frozenset({Permission.EXISTING_POSTS}): Message("The account no longer grants the permission “Existing posts”."),
    frozenset({Permission.NEW_VIDEOS_ON_PROFILE}): Message(
        "The account no longer grants the permission "
        "“Publish and manage new videos: Show on TikTok profile and in ads”."
    ),
    frozenset({Permission.NEW_VIDEOS_ON_PROFILE, Permission.NEW_VIDEOS_ADS_ONLY}): Message(
        "The account no longer grants the permission “Publish and manage new videos”."
    ),
}
_ASK_FOR_IT: Final = Message("Ask the owner for it with a new QR code.")


def why_paused(row: sa.Row[Any], now: datetime) -> wire.Paused | None:
    """Return the most lasting reason why the ad in a row of `ADS` does not run, or None if it runs."""
    reason = _reason(row, now)
    if reason is None:
        return None
    if reason is Reason.PERMISSION_TURNED_OFF:
        text, next_step = TURNED_OFF[needed(row.ad_mode, row.ads_only)], _ASK_FOR_IT
    else:
        text, next_step = _WORDS[reason]
    return wire.Paused(reason=reason, text=text, next_step=next_step)


def _reason(row: sa.Row[Any], now: datetime) -> Reason | None:
    if row.deleted_at is not None:
        return Reason.POST_DELETED
    ended = _code_ended(row, now) if row.ad_spark_code_id is not None else _authorization_ended(row)
    if ended is not None:
        return ended
    hidden = row.private or row.ads_only if row.ad_mode == "pull" else row.private and not row.ads_only
    if hidden:
        return Reason.POST_PRIVATE
    return None if row.ad_state == "enabled" else Reason.PAUSED_BY_USER


def _code_ended(row: sa.Row[Any], now: datetime) -> Reason | None:
    if row.revoked_at is not None:
        return Reason.SPARK_CODE_REVOKED
    if row.expires_at <= now:
        return Reason.SPARK_CODE_EXPIRED
    return Reason.SPARK_CODE_UNBOUND if row.authorized_at is None else None


def _authorization_ended(row: sa.Row[Any]) -> Reason | None:
    if row.granted is None:
        return Reason.AUTHORIZATION_ENDED
    if not needed(row.ad_mode, row.ads_only) & {Permission(value) for value in row.granted}:
        return Reason.PERMISSION_TURNED_OFF
    return Reason.AD_ACCOUNT_UNLINKED if row.linked_at is None else None


def needed(mode: str, ads_only: bool) -> frozenset[Permission]:
    """Return the permissions of which an ad needs at least one."""
    if mode == "pull":
        return frozenset({Permission.EXISTING_POSTS})
    on_profile = frozenset({Permission.NEW_VIDEOS_ON_PROFILE})
    return on_profile | {Permission.NEW_VIDEOS_ADS_ONLY} if ads_only else on_profile
