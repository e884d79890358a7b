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
}
