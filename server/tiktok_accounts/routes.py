"""The owner's posts, other people's profiles, and the pictures and videos of posts."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Query, Request, Response, status
from fastapi.exceptions import RequestValidationError
from pydantic import Field, ValidationError
from starlette.datastructures import FormData, UploadFile

from server.auth.dependencies import CurrentOwner, Cursor, Db, PageSize
from server.auth.routes import SIGNED_IN
from server.business_centers.service import WrongKindOfSession
from server.problems import MalformedRequest, NotFound, TooLarge, responses
from server.tiktok_accounts import media, posts
from server.tiktok_accounts.ranges import RangeNotSatisfiable
from shared import wire

router = APIRouter(tags=["Profiles"])
OWNER: Final = (*SIGNED_IN, WrongKindOfSession)
# Two at a time: decoding the largest picture takes up to 280 MB (measured with a WebP of 15 million pixels).
_DECODERS: Final = ThreadPoolExecutor(2, thread_name_prefix="media")
_FORM: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "description": "a JPEG, PNG or WebP picture, or an MP4 or WebM video of up to 30 MB",
                        },
                        "caption": {"type": "string", "maxLength": 2200, "default": ""},
                        "private": {"type": "boolean", "default": False},
                    },
                }
            }
        },
    }
}


class _NewPost(wire.Body):
    caption: str = Field("", max_length=2200)
    private: bool = False


async def get_media_links(request: Request) -> media.MediaLinks:
    """Return the running application's signer of media addresses."""
    links: media.MediaLinks = request.app.state.media_links
    return links


Links = Annotated[media.MediaLinks, Depends(get_media_links)]


@router.get("/profiles/{handle}", summary="Another profile", responses=responses(*OWNER, NotFound))
async def get_profile(handle: str, database: Db, links: Links, actor: CurrentOwner) -> wire.Profile:
    """Return the profile with this handle, without its private posts."""
    return await database.read(posts.get_profile, actor, links, handle)


@router.post(
    "/me/posts",
    status_code=status.HTTP_201_CREATED,
    summary="Post a picture or video",
    responses=responses(*OWNER, media.UnreadableMedia, posts.PostLimitReached, MalformedRequest, TooLarge),
    openapi_extra=_FORM,
    max_body_size=media.UPLOAD_LIMIT_BYTES,
)
async def create_post(request: Request, database: Db, links: Links, actor: CurrentOwner) -> wire.Post:
    """Post on the caller's profile, up to 200 posts. A picture loses its location and camera data."""
    await database.read(posts.require_room, actor)  # refuse before receiving a file of up to 30 MB in vain
    async with request.form(max_files=1, max_fields=3) as form:
        file, wanted = _read_form(form)
        data = await file.read()
    return await database.write(
        posts.create, actor, links, await decode(data), caption=wanted.caption, private=wanted.private
    )


async def decode(data: bytes) -> media.Media:
    """Return a file as it should be stored, decoded in a thread; see `media.read` for refusals."""
    return await asyncio.get_running_loop().run_in_executor(_DECODERS, media.read, data)


def _read_form(form: FormData) -> tuple[UploadFile, _NewPost]:
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise MalformedRequest(what="body.file: Field required. Choose a picture or video and send it again.")
    try:
        return file, _NewPost.model_validate({name: value for name, value in form.items() if name != "file"})
    except ValidationError as error:
        raise RequestValidationError(
            [{**item, "loc": ("body", *item["loc"])} for item in error.errors(include_input=False, include_url=False)]
        ) from None


@router.get("/me/posts", summary="List my posts", responses=responses(*OWNER))
async def list_posts(
    database: Db,
    links: Links,
    actor: CurrentOwner,
    which: Annotated[
        Literal["profile", "ads_only"],
        Query(alias="filter", description="posts on the profile, or posts that businesses pushed for ads only"),
    ] = "profile",
    cursor: Cursor = None,
    limit: PageSize = 50,
) -> wire.Page[wire.Post]:
    """Return the caller's posts, newest first."""
    job = posts.list_own if which == "profile" else posts.list_ads_only
    return await database.read(job, actor, links, cursor=cursor, limit=limit)


@router.patch("/me/posts/{post_id}", summary="Change a post", responses=responses(*OWNER, NotFound, MalformedRequest))
async def change_post(
    post_id: str, wanted: wire.ChangePost, database: Db, links: Links, actor: CurrentOwner
) -> wire.Post:
    """Change the caption or make the post private. Ads that use it pause until it is public again."""
    return await database.write(posts.change, actor, links, post_id, wanted)


@router.delete("/me/posts/{post_id}", status_code=204, summary="Delete a post", responses=responses(*OWNER, NotFound))
async def delete_post(post_id: str, database: Db, actor: CurrentOwner) -> None:
    """Delete a post permanently. Ads that use it pause and give the reason."""
    await database.write(posts.delete, actor, post_id)


Until = Annotated[int, Query(ge=0, le=2**40, description="as given in the signed address")]
Signature = Annotated[str, Query(max_length=64, description="as given in the signed address")]


@router.get(
    "/posts/{post_id}/cover",
    summary="Cover of a post",
    response_class=Response,
    responses={
        200: {"content": {"image/jpeg": {}}, "description": "for the grid"},
        206: {"description": "the bytes that one Range header asked for"},
        **responses(NotFound, RangeNotSatisfiable),
    },
)
async def get_cover(
    request: Request, post_id: str, database: Db, links: Links, until: Until = 0, signature: Signature = ""
) -> Response:
    """Return the picture. The address is the `cover_url` of a post and needs no session."""
    return await _answer(request, database, links, post_id, "cover", until, signature)


@router.get(
    "/posts/{post_id}/media",
    summary="Picture or video of a post",
    response_class=Response,
    responses={
        200: {
            "content": {"image/jpeg": {}, "video/mp4": {}, "video/webm": {}},
            "description": "a picture, or the video as it was uploaded",
        },
        206: {"description": "the bytes that one Range header asked for"},
        **responses(NotFound, RangeNotSatisfiable),
    },
)
async def get_media(
    request: Request, post_id: str, database: Db, links: Links, until: Until = 0, signature: Signature = ""
) -> Response:
    """Return the picture or video. The address is the `media_url` of a post and needs no session."""
    return await _answer(request, database, links, post_id, "media", until, signature)


async def _answer(
    request: Request, database: Db, links: media.MediaLinks, post_id: str, part: str, until: int, signature: str
) -> Response:
    if not links.is_valid(post_id, part, until, signature):
        raise NotFound(thing="picture")
    tag = f'"{post_id}-{part}"'  # a post's media never change
    asked = request.headers.get("range") if request.headers.get("if-range", tag) == tag else None
    stored = await database.read(posts.get_media, post_id, part, asked)
    headers = {"Cache-Control": "private, max-age=3600", "Content-Disposition": "inline"}
    headers |= {"Accept-Ranges": "bytes", "ETag": tag}
    if stored.part is None:
        return Response(stored.content, media_type=stored.content_type, headers=headers)
    headers["Content-Range"] = f"bytes {stored.part.start}-{stored.part.stop - 1}/{stored.size}"
    return Response(stored.content, 206, headers, stored.content_type)
