"""The names of all events. The audit log, the live feed and webhooks use the same names."""

from enum import StrEnum
from typing import Final

from shared.languages import Message


class EventType(StrEnum):
    """Names of the form `noun.past_tense`. A released value keeps its meaning."""

    BUSINESS_CENTER_CREATED = "business_center.created"
    MEMBER_ADDED = "member.added"
    DEMO_SEEDED = "demo.seeded"
    SESSION_STARTED = "session.started"
    SESSION_ENDED = "session.ended"
    LINK_REQUEST_CREATED = "link_request.created"
    LINK_REQUEST_RENEWED = "link_request.renewed"
    LINK_REQUEST_SCANNED = "link_request.scanned"
    LINK_REQUEST_REFUSED = "link_request.refused"
    LINK_REQUEST_APPROVED = "link_request.approved"
    LINK_REQUEST_DECLINED = "link_request.declined"
    LINK_REQUEST_CANCELLED = "link_request.cancelled"
    LINK_REQUEST_EXPIRED = "link_request.expired"
    AUTHORIZATION_NARROWED = "authorization.narrowed"
    AUTHORIZATION_REVOKED = "authorization.revoked"
    AUTHORIZATION_UNLINKED = "authorization.unlinked"
    AD_ACCOUNT_LINKED = "ad_account.linked"
    AD_ACCOUNT_UNLINKED = "ad_account.unlinked"
    AD_ACCOUNT_CREATED = "ad_account.created"
    AD_ACCOUNT_ROLE_SET = "ad_account.role_set"
    AD_ACCOUNT_ROLE_REMOVED = "ad_account.role_removed"
    ACCOUNT_MEMBER_ASSIGNED = "account_member.assigned"
    ACCOUNT_MEMBER_UNASSIGNED = "account_member.unassigned"
    MEMBER_INVITED = "member.invited"
    INVITATION_WITHDRAWN = "invitation.withdrawn"
    MEMBER_ROLE_CHANGED = "member.role_changed"
    MEMBER_REMOVED = "member.removed"
    MESSAGES_CHANGED = "messages.changed"
    POST_CREATED = "post.created"
    POST_UPDATED = "post.updated"
    POST_DELETED = "post.deleted"
    SPARK_CODE_CREATED = "spark_code.created"
    SPARK_CODE_REVOKED = "spark_code.revoked"
    SPARK_CODE_USED = "spark_code.used"
    SPARK_CODE_UNBOUND = "spark_code.unbound"
    SPARK_AD_CREATED = "spark_ad.created"
    SPARK_AD_PAUSED = "spark_ad.paused"
    SPARK_AD_RESUMED = "spark_ad.resumed"
    SPARK_AD_CHANGED = "spark_ad.changed"
    SPARK_AD_DELETED = "spark_ad.deleted"
    ACCESS_TOKEN_CREATED = "access_token.created"  # noqa: S105 # a name
    ACCESS_TOKEN_REVOKED = "access_token.revoked"  # noqa: S105 # a name
    API_APP_CREATED = "api_app.created"
    API_APP_AUTHORIZED = "api_app.authorized"
    API_APP_REVOKED = "api_app.revoked"


SENTENCES: Final[dict[EventType, Message]] = {
    EventType.BUSINESS_CENTER_CREATED: Message("Business Center created"),
    EventType.MEMBER_ADDED: Message("Member added"),
    EventType.DEMO_SEEDED: Message("Demo filled with accounts and people"),
    EventType.SESSION_STARTED: Message("Signed in"),
    EventType.SESSION_ENDED: Message("Signed out"),
    EventType.LINK_REQUEST_CREATED: Message("QR code made"),
    EventType.LINK_REQUEST_RENEWED: Message("QR code replaced by a new one"),
    EventType.LINK_REQUEST_SCANNED: Message("QR code scanned"),
    EventType.LINK_REQUEST_REFUSED: Message("Scan refused: the code is meant for another account"),
    EventType.LINK_REQUEST_APPROVED: Message("Request approved"),
    EventType.LINK_REQUEST_DECLINED: Message("Request declined"),
    EventType.LINK_REQUEST_CANCELLED: Message("QR code cancelled"),
    EventType.LINK_REQUEST_EXPIRED: Message("QR code expired"),
    EventType.AUTHORIZATION_NARROWED: Message("Permissions turned off by the account owner"),
    EventType.AUTHORIZATION_REVOKED: Message("Access revoked by the account owner"),
    EventType.AUTHORIZATION_UNLINKED: Message("Account unlinked by the Business Center"),
    EventType.AD_ACCOUNT_LINKED: Message("Ad account linked"),
    EventType.AD_ACCOUNT_UNLINKED: Message("Ad account unlinked"),
    EventType.AD_ACCOUNT_CREATED: Message("Ad account created"),
    EventType.AD_ACCOUNT_ROLE_SET: Message("Role on an ad account given"),
    EventType.AD_ACCOUNT_ROLE_REMOVED: Message("Role on an ad account taken back"),
    EventType.ACCOUNT_MEMBER_ASSIGNED: Message("Member assigned to a TikTok account"),
    EventType.ACCOUNT_MEMBER_UNASSIGNED: Message("Member no longer assigned to a TikTok account"),
    EventType.MEMBER_INVITED: Message("Member invited"),
    EventType.INVITATION_WITHDRAWN: Message("Invitation withdrawn"),
    EventType.MEMBER_ROLE_CHANGED: Message("Role of a member changed"),
    EventType.MEMBER_REMOVED: Message("Member removed"),
    EventType.MESSAGES_CHANGED: Message("Message settings changed"),
    EventType.POST_CREATED: Message("Post published"),
    EventType.POST_UPDATED: Message("Post changed"),
    EventType.POST_DELETED: Message("Post deleted"),
    EventType.SPARK_CODE_CREATED: Message("Spark code made"),
    EventType.SPARK_CODE_REVOKED: Message("Spark code revoked"),
    EventType.SPARK_CODE_USED: Message("Spark code used"),
    EventType.SPARK_CODE_UNBOUND: Message("Spark code no longer used"),
    EventType.SPARK_AD_CREATED: Message("Spark Ad created"),
    EventType.SPARK_AD_PAUSED: Message("Spark Ad paused"),
    EventType.SPARK_AD_RESUMED: Message("Spark Ad resumed"),
    EventType.SPARK_AD_CHANGED: Message("Spark Ad changed"),
    EventType.SPARK_AD_DELETED: Message("Spark Ad deleted"),
    EventType.ACCESS_TOKEN_CREATED: Message("Access token made"),
    EventType.ACCESS_TOKEN_REVOKED: Message("Access token revoked"),
    EventType.API_APP_CREATED: Message("Developer app made"),
    EventType.API_APP_AUTHORIZED: Message("Developer app authorized by a member"),
    EventType.API_APP_REVOKED: Message("Developer app revoked"),
}
