"""Render templates into pages: escaped, never cached, and with the values that every page needs."""

from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from server.clock import utc_now
from server.console import assets, words
from server.console.forms import TOKEN_FIELD
from server.console.visit import Visit, Visitor
from server.web.languages import FIELD
from shared import languages
from shared.events import EventType
from shared.languages import LANGUAGES, Message, gettext, ngettext, pgettext, spoken
from shared.permissions import PERMISSIONS

_MONTHS: Final = (
    Message("Jan"),
    Message("Feb"),
    Message("Mar"),
    Message("Apr"),
    Message("May"),
    Message("Jun"),
    Message("Jul"),
    Message("Aug"),
    Message("Sep"),
    Message("Oct"),
    Message("Nov"),
    Message("Dec"),
)
NO_STORE: Final = {"Cache-Control": "no-store"}


def instant(value: datetime) -> str:
    """Return a time as RFC 3339 in UTC."""
    return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def time_element(value: datetime) -> Markup:
    """Return a `<time>` in UTC; a script converts it to the viewer's time zone."""
    day = f"{value.day} {_month(value)} {value.year}"
    return Markup('<time datetime="{}">{} UTC</time>').format(instant(value), f"{day}, {value:%H:%M}")


def moment_element(value: datetime) -> Markup:
    """Return a `<time>` in UTC with seconds; a script converts it to the viewer's time zone."""
    text = f"{value.day} {_month(value)}, {value:%H:%M:%S}"
    return Markup('<time datetime="{}" data-seconds>{} UTC</time>').format(instant(value), text)


def _month(value: datetime) -> str:
    return gettext(_MONTHS[value.month - 1])


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        finalize=spoken,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(gettext, ngettext, newstyle=True, pgettext=pgettext)  # type: ignore[attr-defined]
    environment.filters.update(
        time=time_element, moment=moment_element, instant=instant, sentence=words.sentence, about=words.about
    )
    environment.globals.update(
        static=assets.url,
        token_field=TOKEN_FIELD,
        PERMISSIONS=PERMISSIONS,
        event_types=" ".join(EventType),
        initial=words.initial,
        script_sentences=words.script_sentences,
        languages=tuple(LANGUAGES.values()),
    )
    return environment


_ENVIRONMENT: Final = _environment()


def render(request: Request, template: str, /, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page. The template's `visit` and `visitor` are None unless the request has resolved them."""
    visit: Visit | None = getattr(request.state, "visit", None)
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    context = {
        "visit": visit,
        "visitor": visitor,
        "form_token": visitor.form_token if visitor else "",
        "now": utc_now(),
        "path": request.url.path,
        "same_page": query_to_keep(request) if visitor else "?",
        "language": languages.current(),
        "demo": request.app.state.settings.demo,
        "done": words.DONE.get(request.query_params.get("done", "")),
        **values,
    }
    headers = {**NO_STORE, "Content-Language": languages.current().code}
    return HTMLResponse(_ENVIRONMENT.get_template(template).render(context), status, headers)


def query_to_keep(request: Request) -> str:
    """Return this page's query string, ready for one more field to be appended.

    The path is left out: a browser would read one that begins with `//` as another host. Public pages do not repeat
    their query string, which may contain something by mistake.
    """
    kept = [pair for pair in request.query_params.multi_items() if pair[0] not in {FIELD, "done", "note"}]
    return f"?{urlencode(kept)}&" if kept else "?"
