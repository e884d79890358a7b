"""The owner's posts: a new one, the one on screen with its ads and its Spark code, and those for ads only.

Verbs return whether they worked; `error` says what went wrong, next to what was typed.
"""

import asyncio
import io
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Final

import flet as ft
from PIL import Image, ImageOps, UnidentifiedImageError

from mobile_app import texts
from mobile_app.state import notices
from mobile_app.state.app import AppState, SessionOver
from mobile_app.state.client import ApiProblem, ServerUnreachable
from mobile_app.state.notices import Notice
from mobile_app.state.upload_limit import too_large
from shared.languages import spoken
from shared.problems import ProblemType
from shared.wire import AdOfAccount, OwnPost, Post

CAPTION_LIMIT: Final = 2200
DAYS: Final = (7, 30, 60, 365)
_PREVIEW_PX: Final = 720
# The server's limits: a JPEG can be decoded at a fraction of its size, the other formats cannot.
_JPEG_PIXEL_LIMIT: Final = 50_000_000
_OTHER_PIXEL_LIMIT: Final = 16_000_000
_VIDEO_STARTS: Final = ((4, b"ftyp"), (0, b"\x1a\x45\xdf\xa3"))  # MP4, WebM

Text = texts.Posts


class NotMedia(Exception):
    """A file that is neither a picture nor a video that the server accepts."""


class TooManyPixels(Exception):
    """A picture with more pixels than the server accepts."""


@dataclass(frozen=True)
class Draft:
    """A chosen file; `preview` is a small JPEG of a picture, None for a video."""

    name: str
    content: bytes
    preview: bytes | None


def read_file(name: str, content: bytes) -> Draft:
    """Return a chosen file with its preview.

    Raises:
        NotMedia: the file is neither a picture nor a video, or it is broken.
        TooManyPixels: the server would refuse the picture for its size.
    """
    if any(content[at : at + len(start)] == start for at, start in _VIDEO_STARTS):
        return Draft(name, content, None)
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as opened:
            if opened.width * opened.height > (_JPEG_PIXEL_LIMIT if opened.format == "JPEG" else _OTHER_PIXEL_LIMIT):
                raise TooManyPixels
            opened.draft("RGB", (_PREVIEW_PX, _PREVIEW_PX))
            small = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning) as error:
        raise NotMedia from error
    small.thumbnail((_PREVIEW_PX, _PREVIEW_PX))
    written = io.BytesIO()
    small.save(written, "JPEG", quality=85)
    return Draft(name, content, written.getvalue())


def pausing(ads: list[AdOfAccount], *, by_code: bool = False) -> list[AdOfAccount]:
    """Return the ads that run now; with `by_code`, only those that depend on the Spark code."""
    return [ad for ad in ads if ad.status == "running" and (ad.by_spark_code or not by_code)]


@ft.observable
@dataclass
class PostsState:
    """One person's posts."""

    app: AppState
    draft: Draft | None = None
    caption: str = ""
    private: bool = False
    reading: bool = False
    busy: bool = False
    error: str = ""
    shown: OwnPost | None = None
    trouble: Notice | None = None
    ads_only: list[Post] | None = None
    _whose: str = field(default="")

    def __post_init__(self) -> None:
        self.app.leaving.append(self._leave)

    def _leave(self, for_good: bool) -> None:
        """Drop what was shown; if the session ended, an unfinished post waits for the same person's next log-in."""
        self.shown = self.trouble = self.ads_only = None
        self._whose = self.app.account.handle if self.app.account else ""
        if for_good:
            self.discard()

    # --- a new post -----------------------------------------------------------------------------

    def begin(self) -> bool:
        """Continue a new post, but start over if somebody else began it."""
        handle = self.app.account.handle if self.app.account else ""
        if self._whose not in ("", handle):
            self.discard()
        self._whose = handle
        return True

    @property
    def begun(self) -> bool:
        """Whether there is something to lose."""
        return self.draft is not None or bool(self.caption.strip())

    def discard(self) -> None:
        """Discard the unfinished post."""
        self.draft, self.caption, self.private, self.error = None, "", False, ""

    async def choose(self, name: str, content: bytes | None, size: int) -> bool:
        """Take a chosen file; if it cannot be posted, set `error` and keep the previous file."""
        self.error = ""
        if too_large(content, size):
            self.error = Text.TOO_LARGE
        elif not content:
            self.error = Text.NO_BYTES
        if self.error or content is None:
            return False
        self.reading = True
        try:
            self.draft = await asyncio.to_thread(read_file, name, content)
        except NotMedia:
            self.error = Text.NOT_MEDIA
        except TooManyPixels:
            self.error = Text.TOO_MANY_PIXELS
        finally:
            self.reading = False
        return not self.error

    async def post(self) -> bool:
        """Publish; keep what was chosen and typed until the server has it."""
        if self.busy or not self._fits(self.caption):
            return False
        if self.draft is None:
            self.error = Text.NO_FILE
            return False
        draft = self.draft
        sent = self.app.client.create_post(draft.name, draft.content, self.caption.strip(), private=self.private)
        if not await self._do(sent, Text.UNREACHABLE):
            return False
        self.discard()
        await self.app.load_profile()
        return True

    def _fits(self, caption: str) -> bool:
        self.error = "" if len(caption.strip()) <= CAPTION_LIMIT else Text.CAPTION_TOO_LONG
        return not self.error

    async def _do(self, request: Awaitable[object], unreachable: str = "", *, ends: bool = False) -> bool:
        """Await a change and return whether it was made; a failure becomes `error`, and what was typed stays.

        With `ends`, a post or code that no longer exists counts as ended.
        """
        self.busy, self.error = True, ""
        try:
            await self.app.call(request)
        except SessionOver:
            return False
        except ServerUnreachable:
            self.error = unreachable or Text.NOTHING_LOST
        except ApiProblem as failure:
            if not (ends and failure.type is ProblemType.NOT_FOUND):
                self.error = _words(failure)
        finally:
            self.busy = False
        return not self.error

    # --- one post -------------------------------------------------------------------------------

    async def load(self, post_id: str) -> str:
        """Load a post with its ads and its code; keep what was loaded of it before if that fails."""
        if self.shown is not None and self.shown.post.post_id != post_id:
            self.shown = None
        self.trouble = None
        try:
            self.shown = await self.app.call(self.app.client.own_post(post_id))
        except SessionOver:
            return ""
        except (ApiProblem, ServerUnreachable) as failure:
            if isinstance(failure, ApiProblem) and failure.type is ProblemType.NOT_FOUND:
                self.shown = None
            self.trouble = notices.of_failure(failure, lambda: self.load(post_id))
        return ""

    def find(self, post_id: str) -> OwnPost | None:
        """Return the loaded post, if it is this one."""
        return self.shown if self.shown is not None and self.shown.post.post_id == post_id else None

    async def change(self, post_id: str, caption: str, private: bool) -> bool:
        """Change caption and privacy."""
        if self.busy or not self._fits(caption):
            return False
        if not await self._do(self.app.client.change_post(post_id, caption.strip(), private=private)):
            return False
        await self.load(post_id)
        await self.app.load_profile()
        return True

    async def delete(self, post_id: str) -> bool:
        """Delete a post for good; one that no longer exists counts as deleted."""
        if not await self._do(self.app.client.delete_post(post_id), ends=True):
            return False
        self.shown = None
        if self.ads_only is not None:
            self.ads_only = [post for post in self.ads_only if post.post_id != post_id]
        await self.app.load_profile()
        return True

    async def make_code(self, post_id: str, days: int) -> bool:
        """Make a Spark code."""
        if self.busy or not await self._do(self.app.client.make_spark_code(post_id, days)):
            return False
        await self.load(post_id)
        return True

    async def revoke_code(self, post_id: str) -> bool:
        """End the Spark code; ads that use it pause."""
        if not await self._do(self.app.client.revoke_spark_code(post_id), ends=True):
            return False
        await self.load(post_id)
        return True

    # --- ads only -------------------------------------------------------------------------------

    async def load_ads_only(self) -> str:
        """Load what businesses pushed for ads only; keep what was loaded before if that fails."""
        self.trouble = None
        try:
            self.ads_only = await self.app.call(self.app.client.ads_only_posts())
        except SessionOver:
            return ""
        except (ApiProblem, ServerUnreachable) as failure:
            self.trouble = notices.of_failure(failure, self.load_ads_only)
        return ""


def _words(failure: ApiProblem) -> str:
    """Return one line that says why a change was refused."""
    if failure.type is ProblemType.TOO_LARGE:
        return Text.TOO_LARGE
    if failure.type in (ProblemType.UNREADABLE_MEDIA, ProblemType.POST_NOT_USABLE, ProblemType.POST_LIMIT_REACHED):
        return failure.problem.detail
    notice = notices.of_failure(failure)
    return f"{spoken(notice.title)}. {spoken(notice.detail)}"
