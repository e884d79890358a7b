"""A person at the console, who keeps cookies, reads pages, fills in forms and checks the HTML of every page."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx

from tests.server.world import ORIGIN, World

COOKIE = "__Host-sparklink"
_VOID = frozenset({"meta", "link", "input", "img", "br", "hr"})
_DRAWING = frozenset({"path", "circle", "text", "rect"})


@dataclass(eq=False)
class Element:
    """One element of a page."""

    tag: str
    attributes: dict[str, str | None]
    children: list["Element | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return all text in the element, with single spaces."""
        return " ".join(self._raw().split())

    def _raw(self) -> str:
        return "".join(child if isinstance(child, str) else child._raw() for child in self.children)

    def find_all(self, tag: str | None = None, **attributes: str) -> list["Element"]:
        """Return the elements below with this tag and these attributes; `_` stands for `-`."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        found: list[Element] = []
        for child in self.children:
            if isinstance(child, Element):
                fits = all(child.attributes.get(name) == value for name, value in wanted.items())
                if fits and tag in (None, child.tag):
                    found.append(child)
                found.extend(child.find_all(tag, **attributes))
        return found

    def hook(self, name: str) -> "Element":
        """Return the one element with this test hook."""
        (found,) = self.find_all(data_testid=name)
        return found

    def has(self, name: str) -> bool:
        """Say whether there is an element with this test hook."""
        return bool(self.find_all(data_testid=name))


class _Reader(HTMLParser):
    """Build the tree, and reject what a browser would have to repair."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Element("#document", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"duplicate attribute in <{tag}>: {names}"
        element = Element(tag, dict(attrs))
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _DRAWING, f"<{tag}/> does not close itself in HTML"
        self._open[-1].children.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def close(self) -> None:
        super().close()
        assert self._open == [self.root], f"never closed: {[element.tag for element in self._open[1:]]}"


def read_page(answer: httpx.Response) -> Element:
    """Parse a page and check the rules that every page keeps."""
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text.startswith("<!doctype html>")
    reader = _Reader()
    reader.feed(answer.text)
    reader.close()
    page = reader.root
    _check(page)
    return page


def _check(page: Element) -> None:
    everything = page.find_all()
    ids = [element.attributes["id"] for element in everything if "id" in element.attributes]
    assert len(ids) == len(set(ids)), "duplicate id"
    assert [element.attributes["lang"] for element in page.find_all("html")] == ["en"]
    assert len(page.find_all("h1")) == 1, "a page has one h1"
    assert len(page.find_all("main")) == 1
    assert page.find_all("title")[0].text
    for element in everything:
        inline = [name for name in element.attributes if name.startswith("on") or name == "style"]
        assert not inline, f"inline {inline} in <{element.tag}>"
        assert element.tag != "style"
        if element.tag == "script":
            assert element.attributes.get("src", "")
            assert not element.text
        for name in ("src", "href", "action"):
            address = element.attributes.get(name) or "/"
            assert address.startswith(("/", "#", "?")), f"{name}={address} leads elsewhere"
            assert not address.startswith("//")
    _check_names(page, set(ids))


def _check_names(page: Element, ids: set[str | None]) -> None:
    """Check that every field has a label, every reference a target, and every picture a text."""
    labelled = {label.attributes.get("for") for label in page.find_all("label")}
    wrapped = {id(field) for label in page.find_all("label") for field in label.find_all()}
    for element in page.find_all():
        if element.tag in {"input", "select", "textarea"} and element.attributes.get("type") != "hidden":
            named = element.attributes.get("id") in labelled or id(element) in wrapped
            assert named, f"a field without a label: {element.attributes}"
        if element.tag == "img":
            assert "alt" in element.attributes
        if element.tag == "button" or (element.tag == "a" and "href" in element.attributes):
            words = element.text or element.attributes.get("aria-label")
            assert words, f"<{element.tag}> without words: {element.attributes}"
        for name in ("aria-describedby", "aria-labelledby"):
            for target in (element.attributes.get(name) or "").split():
                # A script fills the panel, and the heading it inserts names the panel.
                assert target in ids or element.tag == "dialog", f"{name} leads nowhere: {target}"


class Desk:
    """A person with a browser's cookies, who sends forms as a browser does."""

    def __init__(self, world: World, name: str | None = None) -> None:
        """Open a browser, signed in if there is a name."""
        self.world = world
        transport = httpx.ASGITransport(world.app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url=ORIGIN, trust_env=False)
        self.bc_id = world.other_bc_id if name == "charlie" else world.bc_id
        if name:
            self.sit_down_with(world.cast.tokens[name])

    def sit_down_with(self, token: str) -> None:
        """Set a session's cookie as the server would."""
        self.client.cookies.set(COOKIE, token, domain=ORIGIN.removeprefix("https://"), path="/")

    def path(self, rest: str) -> str:
        """Return the address of a page in this person's Business Center."""
        return f"/bc/{self.bc_id}/{rest}"

    async def get(self, address: str, **headers: str) -> httpx.Response:
        """Request an address without following redirects."""
        return await self.client.get(address, headers=headers)

    async def see(self, address: str, status: int = 200) -> Element:
        """Open a page and return it, parsed and checked."""
        answer = await self.get(address)
        assert answer.status_code == status, (address, answer.status_code, answer.text[:2000])
        return read_page(answer)

    async def send(self, form: Element, **fields: Any) -> httpx.Response:
        """Submit a form; `fields` replace or add to its values, and None leaves a field out."""
        values = {**fields_of(form), **fields}
        data = {name: value for name, value in values.items() if value is not None}
        assert form.attributes["method"] == "post"
        return await self.post(form.attributes["action"] or "", data)

    async def post(self, address: str, data: dict[str, Any], **headers: str) -> httpx.Response:
        """Send a form by POST as the browser does from one of our pages."""
        sent = {"Sec-Fetch-Site": "same-origin", "Origin": "null", **headers}
        return await self.client.post(address, data=data, headers={k: v for k, v in sent.items() if v})

    async def token(self) -> str:
        """Return the form token of the session."""
        page = await self.see(self.path("settings"))
        return str(page.find_all("input", name="form_token")[0].attributes["value"])


def fields_of(form: Element) -> dict[str, Any]:
    """Return what a browser would send for an unchanged form."""
    values: dict[str, Any] = {}
    for element in form.find_all():
        name = element.attributes.get("name")
        if not name or element.tag == "button":
            continue
        if element.tag == "select":
            options = element.find_all("option")
            chosen = [one for one in options if "selected" in one.attributes] or options
            values[name] = chosen[0].attributes["value"]
        elif element.tag == "textarea":
            values[name] = element.text
        elif element.attributes.get("type") in {"checkbox", "radio"}:
            if "checked" in element.attributes:
                values.setdefault(name, []).append(element.attributes["value"])
        else:
            values.setdefault(name, []).append(element.attributes.get("value") or "")
    return values


def form_to(page: Element, end: str) -> Element:
    """Return the page's first form whose action ends with `end`."""
    return next(form for form in page.find_all("form") if (form.attributes.get("action") or "").endswith(end))
