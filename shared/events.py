"""The names of everything that happens: audit log, live feed and webhooks use the same words."""

from enum import StrEnum


class EventType(StrEnum):
    """`noun.past_tense`; a value, once released, keeps its meaning."""

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


SENTENCES: dict[EventType, str] = {
    EventType.BUSINESS_CENTER_CREATED: "Business Center created",
    EventType.MEMBER_ADDED: "Member added",
    EventType.DEMO_SEEDED: "Demo filled with accounts and people",
    EventType.SESSION_STARTED: "Signed in",
    EventType.SESSION_ENDED: "Signed out",
    EventType.LINK_REQUEST_CREATED: "QR code made",
    EventType.LINK_REQUEST_RENEWED: "QR code replaced by a new one",
    EventType.LINK_REQUEST_SCANNED: "QR code scanned",
    EventType.LINK_REQUEST_REFUSED: "Scan refused: the code is meant for another account",
    EventType.LINK_REQUEST_APPROVED: "Request approved",
    EventType.LINK_REQUEST_DECLINED: "Request declined",
    EventType.LINK_REQUEST_CANCELLED: "QR code cancelled",
    EventType.LINK_REQUEST_EXPIRED: "QR code expired",
    EventType.AUTHORIZATION_NARROWED: "Permissions turned off by the account owner",
    EventType.AUTHORIZATION_REVOKED: "Access revoked by the account owner",
    EventType.AUTHORIZATION_UNLINKED: "Account unlinked by the Business Center",
    EventType.AD_ACCOUNT_LINKED: "Ad account linked",
    EventType.AD_ACCOUNT_UNLINKED: "Ad account unlinked",
    EventType.AD_ACCOUNT_CREATED: "Ad account created",
    EventType.AD_ACCOUNT_ROLE_SET: "Role on an ad account given",
    EventType.AD_ACCOUNT_ROLE_REMOVED: "Role on an ad account taken back",
    EventType.ACCOUNT_MEMBER_ASSIGNED: "Member assigned to a TikTok account",
    EventType.ACCOUNT_MEMBER_UNASSIGNED: "Member no longer assigned to a TikTok account",
    EventType.MEMBER_INVITED: "Member invited",
    EventType.INVITATION_WITHDRAWN: "Invitation withdrawn",
    EventType.MEMBER_ROLE_CHANGED: "Role of a member changed",
    EventType.MEMBER_REMOVED: "Member removed",
    EventType.MESSAGES_CHANGED: "Message settings changed",
    EventType.POST_CREATED: "Post published",
    EventType.POST_UPDATED: "Post changed",
    EventType.POST_DELETED: "Post deleted",
    EventType.SPARK_CODE_CREATED: "Spark code made",
    EventType.SPARK_CODE_REVOKED: "Spark code revoked",
    EventType.SPARK_CODE_USED: "Spark code used",
    EventType.SPARK_CODE_UNBOUND: "Spark code no longer used",
    EventType.SPARK_AD_CREATED: "Spark Ad created",
    EventType.SPARK_AD_PAUSED: "Spark Ad paused",
    EventType.SPARK_AD_RESUMED: "Spark Ad resumed",
    EventType.SPARK_AD_CHANGED: "Spark Ad changed",
    EventType.SPARK_AD_DELETED: "Spark Ad deleted",
    EventType.ACCESS_TOKEN_CREATED: "Access token made",
    EventType.ACCESS_TOKEN_REVOKED: "Access token revoked",
    EventType.API_APP_CREATED: "Developer app made",
    EventType.API_APP_AUTHORIZED: "Developer app authorized by a member",
    EventType.API_APP_REVOKED: "Developer app revoked",
}
