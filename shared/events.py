"""The names of all events. The audit log, the live feed and webhooks use the same names."""

from enum import StrEnum
from typing import Final, Self

from shared.languages import Message


class EventType(StrEnum):
    """Names of the form `noun.past_tense`. A released value keeps its meaning."""

    sentence: Message

    def __new__(cls, value: str, sentence: Message | None = None) -> Self:
        """Make a member; only looking one up, as in `EventType("post.created")`, needs no sentence."""
        if sentence is None:
            raise TypeError(f"{value} needs a sentence")
        member = str.__new__(cls, value)
        member._value_ = value
        member.sentence = sentence
        return member

    BUSINESS_CENTER_CREATED = "business_center.created", Message("Business Center created")
    MEMBER_ADDED = "member.added", Message("Member added")
    DEMO_SEEDED = "demo.seeded", Message("Demo filled with accounts and people")
    SESSION_STARTED = "session.started", Message("Signed in")
    SESSION_ENDED = "session.ended", Message("Signed out")
    LINK_REQUEST_CREATED = "link_request.created", Message("QR code made")
    LINK_REQUEST_RENEWED = "link_request.renewed", Message("QR code replaced by a new one")
    LINK_REQUEST_SCANNED = "link_request.scanned", Message("QR code scanned")
    LINK_REQUEST_REFUSED = "link_request.refused", Message("Scan refused: the code is meant for another account")
    LINK_REQUEST_APPROVED = "link_request.approved", Message("Request approved")
    LINK_REQUEST_DECLINED = "link_request.declined", Message("Request declined")
    LINK_REQUEST_CANCELLED = "link_request.cancelled", Message("QR code cancelled")
    LINK_REQUEST_EXPIRED = "link_request.expired", Message("QR code expired")
    AUTHORIZATION_NARROWED = "authorization.narrowed", Message("Permissions turned off by the account owner")
    AUTHORIZATION_REVOKED = "authorization.revoked", Message("Access revoked by the account owner")
    AUTHORIZATION_UNLINKED = "authorization.unlinked", Message("Account unlinked by the Business Center")
    AD_ACCOUNT_LINKED = "ad_account.linked", Message("Ad account linked")
    AD_ACCOUNT_UNLINKED = "ad_account.unlinked", Message("Ad account unlinked")
    AD_ACCOUNT_CREATED = "ad_account.created", Message("Ad account created")
    AD_ACCOUNT_ROLE_SET = "ad_account.role_set", Message("Role on an ad account given")
    AD_ACCOUNT_ROLE_REMOVED = "ad_account.role_removed", Message("Role on an ad account taken back")
    ACCOUNT_MEMBER_ASSIGNED = "account_member.assigned", Message("Member assigned to a TikTok account")
    ACCOUNT_MEMBER_UNASSIGNED = "account_member.unassigned", Message("Member no longer assigned to a TikTok account")
    MEMBER_INVITED = "member.invited", Message("Member invited")
    INVITATION_WITHDRAWN = "invitation.withdrawn", Message("Invitation withdrawn")
    MEMBER_ROLE_CHANGED = "member.role_changed", Message("Role of a member changed")
    MEMBER_REMOVED = "member.removed", Message("Member removed")
    MESSAGES_CHANGED = "messages.changed", Message("Message settings changed")
    POST_CREATED = "post.created", Message("Post published")
    POST_UPDATED = "post.updated", Message("Post changed")
    POST_DELETED = "post.deleted", Message("Post deleted")
    SPARK_CODE_CREATED = "spark_code.created", Message("Spark code made")
    SPARK_CODE_REVOKED = "spark_code.revoked", Message("Spark code revoked")
    SPARK_CODE_USED = "spark_code.used", Message("Spark code used")
    SPARK_CODE_UNBOUND = "spark_code.unbound", Message("Spark code no longer used")
    SPARK_AD_CREATED = "spark_ad.created", Message("Spark Ad created")
    SPARK_AD_PAUSED = "spark_ad.paused", Message("Spark Ad paused")
    SPARK_AD_RESUMED = "spark_ad.resumed", Message("Spark Ad resumed")
    SPARK_AD_CHANGED = "spark_ad.changed", Message("Spark Ad changed")
    SPARK_AD_DELETED = "spark_ad.deleted", Message("Spark Ad deleted")
    ACCESS_TOKEN_CREATED = "access_token.created", Message("Access token made")
    ACCESS_TOKEN_REVOKED = "access_token.revoked", Message("Access token revoked")
    API_APP_CREATED = "api_app.created", Message("Developer app made")
    API_APP_AUTHORIZED = "api_app.authorized", Message("Developer app authorized by a member")
    API_APP_REVOKED = "api_app.revoked", Message("Developer app revoked")


# What the owner of an account reads in their inbox.
INBOX: Final = frozenset(
    {
        EventType.LINK_REQUEST_APPROVED,
        EventType.LINK_REQUEST_DECLINED,
        EventType.LINK_REQUEST_REFUSED,
        EventType.AUTHORIZATION_NARROWED,
        EventType.AUTHORIZATION_REVOKED,
        EventType.AUTHORIZATION_UNLINKED,
    }
)
