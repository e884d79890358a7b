"""Forms that change something: they come by POST from our own pages, with a token that only those know."""

import hashlib
import hmac
from typing import Annotated, Final

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from server.console import cookies
from server.settings import Settings

TOKEN_FIELD: Final = "form_token"  # noqa: S105 - the name of a field


class FormRefused(Exception):
    """The form did not come from a page of the current session. Nothing was changed."""

    def __init__(self, form: FormData | None = None) -> None:
        """Keep the entered values, to show them again."""
        super().__init__()
        self.form = form or FormData()


def token_for(seed: str) -> str:
    """Return the form token of a session. It does not reveal the session's own token."""
    return hmac.digest(seed.encode(), b"sparklink console form", hashlib.sha256).hex()


def comes_from_here(request: Request) -> bool:
    """Return whether the request comes from our own pages, according to the browser (Fetch Metadata, or Origin).

    Our pages have `Referrer-Policy: no-referrer`, so browsers may send `Origin: null` for our own forms. Without
    Fetch Metadata, only the token decides then.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin", "null")
    settings: Settings = request.app.state.settings
    return origin in {"null", settings.origin, f"{request.url.scheme}://{request.headers.get('host')}"}


async def read_form(request: Request, *, files: int = 0) -> FormData:
    """Return the form, with up to `files` files, after checking where it comes from.

    Raises:
        FormRefused: the form comes from another site, or its token is missing or belongs to another session.
    """
    form = await request.form(max_files=files, max_fields=100)
    seed = cookies.session_token(request) or cookies.visitor_seed(request)
    expected = token_for(seed) if seed else None
    if expected is None or not comes_from_here(request) or not _equal(expected, text(form, TOKEN_FIELD)):
        await form.close()
        raise FormRefused(form)
    return form


def _equal(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode())


def text(form: FormData, name: str) -> str:
    """Return a text field without surrounding spaces, or an empty string if it is absent."""
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


async def file(form: FormData, name: str) -> bytes:
    """Return the content of a file field, empty if no file was chosen, and close all files of the form."""
    value = form.get(name)
    content = await value.read() if isinstance(value, UploadFile) else b""
    await form.close()
    return content


async def _without_files(request: Request) -> FormData:
    return await read_form(request)


CheckedForm = Annotated[FormData, Depends(_without_files)]
