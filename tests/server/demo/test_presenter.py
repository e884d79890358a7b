"""The presenter page exists only in demo mode, cannot be framed, and is the only page that may frame the two sides."""

from pathlib import Path

import httpx
import pytest
import zxingcpp
from PIL import Image

from mobile_app.web import CONTENT_SECURITY_POLICY
from server.demo.lan import LanDemoSettings
from shared import qr
from tests.server.console.desk import read_page
from tests.server.demo.conftest import Show, showing
from tests.server.world import LINK_CODE_KEY, World

BY_US, BY_NOBODY = "frame-ancestors 'self'", "frame-ancestors 'none'"


def policy(answer: httpx.Response) -> str:
    """Return the one content security policy of an answer."""
    (found,) = answer.headers.get_list("content-security-policy")
    return found


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/demo"),
        ("POST", "/demo/reset"),
        ("GET", "/demo/static/presenter.js"),
        ("GET", "/demo/phone.svg"),
    ],
)
async def test_outside_demo_mode_there_is_none(world: World, method: str, path: str) -> None:
    """Without demo mode a server has neither the page nor the reset, and nothing may be framed."""
    answer = await world.client.request(method, path, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 404
    for page in ("/login", "/app/", "/"):
        assert BY_NOBODY in policy(await world.client.get(page))


async def test_both_sides_on_one_page(show: Show) -> None:
    """The page has a frame for each side and links that open each alone; all scripts and styles are our files."""
    answer = await show.client.get("/demo")
    page = read_page(answer)
    assert [frame.attributes["src"] for frame in page.find_all("iframe")] == ["/login", "/app/"]
    assert {"/", "/app/"} <= {link.attributes["href"] for link in page.find_all("a")}
    assert not page.has("show-code")
    assert (await show.client.get("/demo/phone.svg")).status_code == 404
    for file in page.find_all("script") + page.find_all("link", rel="stylesheet"):
        address = file.attributes.get("src") or file.attributes["href"] or ""
        assert (await show.client.get(address)).status_code == 200, address
    assert (await show.client.get("/demo/static/..%2froutes.py")).status_code == 404


async def test_signed_in_frame_starts_in_the_console(show: Show) -> None:
    """With a session the console's frame starts in the console, without one at the form."""
    alice = await show.person(email="alice@northwind.example")
    answer = await show.client.get("/demo", headers={"Cookie": f"sparklink={alice.token}"})
    assert read_page(answer).find_all("iframe")[0].attributes["src"] == "/"


async def test_frames_of_our_own_origin_only(show: Show) -> None:
    """In the demo, our own page may frame console and app, but nothing may frame that page or the API."""
    for path in ("/login", "/l", "/no/such/page", "/app/", "/app/flutter_bootstrap.js"):
        assert BY_US in policy(await show.client.get(path)), path
        assert BY_NOBODY not in policy(await show.client.get(path)), path
    for path in ("/demo", "/demo/static/presenter.js", "/api/v1/me", "/healthz", "/metrics"):
        assert BY_NOBODY in policy(await show.client.get(path)), path
    page = policy(await show.client.get("/demo"))
    assert "default-src 'none'" in page
    assert "unsafe" not in page


async def test_policy_of_the_app_is_otherwise_its_own(show: Show, world: World) -> None:
    """In the demo the app keeps its headers: its policy differs only in who may frame it."""
    in_demo = await show.client.get("/app/")
    assert in_demo.headers["cross-origin-embedder-policy"] == "require-corp"
    assert in_demo.headers["cross-origin-opener-policy"] == "same-origin"
    missing, refused = await show.client.get("/app/missing"), await show.client.post("/app/")
    assert (missing.status_code, refused.status_code) == (404, 405)
    for answer in (in_demo, missing, refused, await show.client.head("/app/")):
        assert answer.headers.get_list("content-security-policy") == [CONTENT_SECURITY_POLICY.replace(BY_NOBODY, BY_US)]
    assert policy(await show.client.get("/login")) == policy(await world.client.get("/login")).replace(BY_NOBODY, BY_US)


async def test_address_for_phones(demo_url: str, tmp_path: Path) -> None:
    """On a network the page shows the app's address as text and as a code that a phone's own camera opens."""
    settings = LanDemoSettings(
        host="192.0.2.77",
        database_url=demo_url,
        data_dir=tmp_path,
        link_code_key=LINK_CODE_KEY,
        base_url=None,
        demo=True,
    )
    async with showing(settings) as show:
        page = read_page(await show.client.get("/demo"))
        address = page.hook("phone-address").text
        assert address == "https://192.0.2.77:8443/app/"
        assert "certificate" in page.text
        picture = await show.client.get("/demo/phone.svg")
        assert picture.headers["content-type"] == "image/svg+xml"
        assert picture.text == qr.draw_svg(address)
        png = tmp_path / "phone.png"
        png.write_bytes(qr.draw_png(address))
        assert zxingcpp.read_barcodes(Image.open(png))[0].text == address
        assert "strict-transport-security" not in picture.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"X-Nothing": "said"},
    ],
)
async def test_reset_comes_from_our_page_only(show: Show, headers: dict[str, str]) -> None:
    """A reset from another site, or without a trustworthy origin, changes nothing."""
    answer = await show.reset(**headers)
    assert answer.status_code == 403
    assert (await show.client.get("/demo/reset")).status_code == 405
    assert await show.sql("SELECT actor_name FROM events WHERE actor_name = 'Demo reset'") == []


async def test_reset_in_a_browser_without_fetch_metadata(show: Show) -> None:
    """A browser that sends only Origin may reset, from our origin."""
    assert (await show.reset(Origin="http://127.0.0.1:8000")).status_code == 200
