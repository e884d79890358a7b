"""Posts: the owner's own, those that a Business Center pushed, and those that others can see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from server.actor import Actor
from server.clock import utc_now
from server.database.columns import new_id
from server.database.pages import newest_first
from server.events import service as events
from server.problems import NotFound, Problem, or_not_found
from server.tiktok_accounts import ranges
from server.tiktok_accounts import service as accounts
from server.tiktok_accounts.media import Media, MediaLinks
from server.tiktok_accounts.tables import post_media, posts, tiktok_accounts
from shared import wire
from shared.events import EventType
from shared.problems import ProblemType

PROFILE_LIMIT: Final = 60
POST_LIMIT: Final = 200  # up to 30 MB each
_NO: Final[sa.ColumnElement[int]] = sa.literal_column("0")
EXISTS: Final = posts.c.deleted_at.is_(None)
WITH_MEDIA: Final = posts.outerjoin(post_media, post_media.c.post_id == posts.c.post_id)
COLUMNS: Final = (
    posts.c.post_id,
    posts.c.account_id,
    posts.c.caption,
    posts.c.play_count,
    posts.c.cover_hue,
    posts.c.private,
    posts.c.origin,
    posts.c.ads_only,
    posts.c.duration_seconds,
    posts.c.deleted_at,
    posts.c.created_at.label("post_created_at"),
    post_media.c.content_type,
    post_media.c.cover.is_not(None).label("has_cover"),
)
_POSTS: Final[sa.Select[Any]] = sa.select(*COLUMNS).select_from(WITH_MEDIA)


class PostLimitReached(Problem):
    """The account has the maximum number of posts with a picture or video."""

    type, status, title = ProblemType.POST_LIMIT_REACHED, 409, "Your profile is full"
    detail = (
        "You have posted {limit} pictures and videos, which is the most that an account can have here. "
        "Delete one, then post again."
    )


def view(row: sa.Row[Any], links: MediaLinks | None, *, in_ads: bool = False) -> wire.Post:
    """Return the post in a row with the columns of `COLUMNS`. Without `links`, it has no addresses."""
    has_media = row.content_type is not None and links is not None and row.deleted_at is None
    return wire.Post(
        post_id=row.post_id,
        caption=row.caption,
        play_count=row.play_count,
        cover_hue=row.cover_hue,
        private=row.private,
        cover_url=links.url(row.post_id, "cover") if links and has_media and row.has_cover else None,
        media_url=links.url(row.post_id, "media") if links and has_media else None,
        content_type=row.content_type,
        duration_seconds=row.duration_seconds,
        origin=row.origin,
        ads_only=row.ads_only,
        in_ads=in_ads,
        created_at=row.post_created_at,
    )


def find_row(connection: sa.Connection, which: sa.ColumnElement[bool]) -> sa.Row[Any]:
    """Return the row of one post.

    Raises:
        NotFound: there is no such post.
    """
    return or_not_found(connection.execute(_POSTS.where(which)).one_or_none(), thing="post")


def lock(connection: sa.Connection, post_id: str, account_id: str) -> sa.Row[Any]:
    """Return a post of an account, locked until the commit.

    Raises:
        NotFound: the account has no such post, or it was deleted.
    """
    mine = (posts.c.post_id == post_id) & (posts.c.account_id == account_id) & EXISTS
    return or_not_found(connection.execute(sa.select(posts).where(mine).with_for_update()).one_or_none(), thing="post")


def _page(
    connection: sa.Connection,
    which: sa.ColumnElement[bool],
    links: MediaLinks | None,
    cursor: str | None,
    limit: int,
) -> wire.Page[wire.Post]:
    rows, following = newest_first(connection, _POSTS.where(which, EXISTS), posts.c.post_id, cursor, limit)
    return wire.Page[wire.Post](items=[view(row, links) for row in rows], next_cursor=following)


def list_public(
    connection: sa.Connection,
    account_id: str,
    links: MediaLinks | None = None,
    *,
    only: Sequence[str] | None = None,
    limit: int = 50,
) -> wire.Page[wire.Post]:
    """Return an account's public posts (or those in `only`), newest first. The caller checks who may ask."""
    public = (posts.c.account_id == account_id) & (posts.c.private == _NO) & (posts.c.ads_only == _NO)
    if only is not None:
        public &= posts.c.post_id.in_(only)
    return _page(connection, public, links, None, limit)


def list_own(
    connection: sa.Connection, actor: Actor, links: MediaLinks, *, cursor: str | None = None, limit: int = 50
) -> wire.Page[wire.Post]:
    """Return the posts on the calling owner's profile, including private ones, newest first."""
    mine = (posts.c.account_id == accounts.require_owner(actor)) & (posts.c.ads_only == _NO)
    return _page(connection, mine, links, cursor, limit)


def list_ads_only(
    connection: sa.Connection, actor: Actor, links: MediaLinks, *, cursor: str | None = None, limit: int = 50
) -> wire.Page[wire.Post]:
    """Return the posts that businesses pushed in the calling owner's name for ads only, newest first."""
    mine = (posts.c.account_id == accounts.require_owner(actor)) & (posts.c.ads_only != _NO)
    return _page(connection, mine, links, cursor, limit)


def get_profile(connection: sa.Connection, actor: Actor, links: MediaLinks, handle: str | None = None) -> wire.Profile:
    """Return a profile page: the caller's own, or somebody else's without its private posts.

    Raises:
        NotFound: there is no such account.
        WrongKindOfSession: the caller is not an account owner.
    """
    own_id = accounts.require_owner(actor)
    account = tiktok_accounts.c
    wanted = account.account_id == own_id if handle is None else account.handle == accounts.tidy_handle(handle)
    row = or_not_found(connection.execute(sa.select(tiktok_accounts).where(wanted)).one_or_none(), thing="account")
    shown = (posts.c.account_id == row.account_id) & (posts.c.ads_only == _NO)
    if row.account_id != own_id:
        shown &= posts.c.private == _NO
    tiles = _page(connection, shown, links, None, PROFILE_LIMIT).items
    return wire.Profile(**row._mapping, posts=tiles)


def create(
    connection: sa.Connection, actor: Actor, links: MediaLinks, media: Media, *, caption: str, private: bool
) -> wire.Post:
    """Publish a post on the calling owner's profile.

    Raises:
        PostLimitReached.
    """
    account_id = accounts.require_owner(actor)
    accounts.lock(connection, account_id)  # of two simultaneous posts, one waits and counts the other
    require_room(connection, actor)
    post_id = _insert(connection, account_id, caption, media, private=private)
    data = {"post_id": post_id}
    events.record(connection, actor, EventType.POST_CREATED, account_id=account_id, data=data)
    return view(find_row(connection, posts.c.post_id == post_id), links)


def require_room(connection: sa.Connection, actor: Actor) -> None:
    """Refuse if the calling owner's account has the maximum number of posts. Deleted posts do not count."""
    mine = (posts.c.account_id == accounts.require_owner(actor)) & (posts.c.origin == "owner")
    kept = sa.select(sa.func.count()).select_from(post_media.join(posts, posts.c.post_id == post_media.c.post_id))
    if connection.execute(kept.where(mine)).scalar_one() >= POST_LIMIT:
        raise PostLimitReached(limit=POST_LIMIT)


def _insert(connection: sa.Connection, account_id: str, caption: str, media: Media | None, **fields: Any) -> str:
    post_id = new_id()
    row = {
        "post_id": post_id,
        "account_id": account_id,
        "caption": caption,
        "play_count": 0,
        "cover_hue": int(post_id) % 360,
        "private": False,
        "origin": "owner",
        "ads_only": False,
        "created_at": utc_now(),
        **fields,
    }
    connection.execute(sa.insert(posts), row)
    if media is not None:
        kept = {"content_type": media.content_type, "content": media.content, "cover": media.cover}
        connection.execute(sa.insert(post_media), {"post_id": post_id, **kept})
    return post_id


def add_pushed_post(
    connection: sa.Connection,
    account_id: str,
    caption: str,
    ads_only: bool,
    video_id: str | None,
    media: Media | None,
) -> str:
    """Publish a post that a Business Center pushes in an account's name. The caller checks the permission."""
    fields = {"origin": "business_center", "ads_only": ads_only, "source_video_id": video_id}
    return _insert(connection, account_id, caption, media, **fields)


def set_ads_only(connection: sa.Connection, post_id: str, ads_only: bool) -> None:
    """Show a pushed post on the profile, or hide it there. The caller checks the permission."""
    connection.execute(sa.update(posts).where(posts.c.post_id == post_id).values(ads_only=ads_only))


def change(
    connection: sa.Connection, actor: Actor, links: MediaLinks, post_id: str, wanted: wire.ChangePost
) -> wire.Post:
    """Change the caption or the privacy of a post of the calling owner.

    Raises:
        NotFound: the caller's account has no such post.
    """
    account_id = accounts.require_owner(actor)
    lock(connection, post_id, account_id)
    values = wanted.model_dump(exclude_none=True)
    if values:
        connection.execute(sa.update(posts).where(posts.c.post_id == post_id).values(**values))
        data = {"post_id": post_id, **{name: value for name, value in values.items() if name == "private"}}
        events.record(connection, actor, EventType.POST_UPDATED, account_id=account_id, data=data)
    return view(find_row(connection, posts.c.post_id == post_id), links)


def delete(connection: sa.Connection, actor: Actor, post_id: str) -> None:
    """Delete a post of the calling owner, and its picture or video. The row stays for the ads that used it.

    Raises:
        NotFound: the caller's account has no such post, or it was already deleted.
    """
    account_id = accounts.require_owner(actor)
    lock(connection, post_id, account_id)
    connection.execute(sa.update(posts).where(posts.c.post_id == post_id).values(deleted_at=utc_now()))
    connection.execute(sa.delete(post_media).where(post_media.c.post_id == post_id))
    events.record(connection, actor, EventType.POST_DELETED, account_id=account_id, data={"post_id": post_id})


@dataclass(frozen=True, slots=True)
class Stored:
    """The bytes of a picture or video of `size` bytes: all of them, or those in `part`."""

    content_type: str
    content: bytes
    part: range | None
    size: int


def get_media(connection: sa.Connection, post_id: str, part: str, asked: str | None = None) -> Stored:
    """Return a post's cover or media, or the range in the Range header `asked`. The caller checks the signature.

    Raises:
        NotFound, RangeNotSatisfiable.
    """
    column = post_media.c.cover if part == "cover" else post_media.c.content
    this = (post_media.c.post_id == post_id) & EXISTS & column.is_not(None)
    joined = post_media.join(posts, posts.c.post_id == post_media.c.post_id)
    query = sa.select(post_media.c.content_type, sa.func.length(column).label("size")).select_from(joined).where(this)
    row = or_not_found(connection.execute(query).one_or_none(), thing="picture")
    some = ranges.wanted(asked, row.size)
    piece = column if some is None else sa.func.substr(column, some.start + 1, len(some), type_=sa.LargeBinary)
    content = connection.execute(sa.select(piece).where(post_media.c.post_id == post_id)).scalar_one_or_none()
    if content is None:  # deleted between the two queries
        raise NotFound(thing="picture")
    return Stored("image/jpeg" if part == "cover" else row.content_type, bytes(content), some, row.size)
