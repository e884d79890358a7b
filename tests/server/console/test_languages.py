"""Pages and problems use the reader's language, and templates contain no text outside the catalogues."""

import re
from pathlib import Path

import pytest

from server.spark_ads.status import TURNED_OFF
from shared.languages import LANGUAGES, gettext, speaking
from shared.permissions import NEW_VIDEOS_TITLE, PERMISSIONS
from tests.server.console.desk import COOKIE, Desk
from tests.server.spark_ads.business import ON_PROFILE, Business, made
from tests.server.world import ORIGIN, World

ROOT = Path(__file__).parents[3] / "server"
TEMPLATES = sorted(ROOT.rglob("templates/*.html"))
# The API reference is drawn from the English description of the API.
ENGLISH_ONLY = {"reference.html"}
_NO_TEXT = re.compile(
    r"\{%\s*trans\b.*?\{%\s*endtrans\s*%\}|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->|<!doctype[^>]*>|<(script|style|svg)\b.*?</\1>",
    re.DOTALL,
)
_PRINTED = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_MARKED = re.compile(r"(?:\b_|gettext)\((?:\"[^\"]*\"|'[^']*'|[^()\"'])*\)")
_OF_A_TAG = re.compile(r'="|"$|^[?\w-]+=')  # a block inside a tag is not text
_NAMES = {"Sparklink", "Business Center", "ID", "TikTok", "UTC"}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_all_text_comes_from_the_catalogues(template: Path) -> None:
    """Text nodes and attributes that people read or hear are marked for translation."""
    if template.name in ENGLISH_ONLY:
        return
    left = _NO_TEXT.sub("\x00", template.read_text(encoding="utf-8"))
    attributes = r'\b(?:aria-label|title|placeholder|alt|data-label|data-copied)="([^"]*[A-Za-z]{2}[^"]*)"'
    spoken = re.findall(attributes, left)
    texts = [text.strip(" \n\x00·") for text in re.sub(r"<[^>]*>", "\x01", left).replace("\x00", "\x01").split("\x01")]
    bare = [
        text for text in texts if re.search(r"[A-Za-z]{2}", text) and text not in _NAMES and not _OF_A_TAG.search(text)
    ]
    printed = [word for shown in _PRINTED.findall(template.read_text(encoding="utf-8")) for word in _words_in(shown)]
    assert bare + spoken + printed == []


def _words_in(expression: str) -> list[str]:
    """Return the literals of an expression that are words for people and are not marked."""
    return re.findall(r"\"(\s?[A-Z][a-z]+[^\"]*|[a-z]+ [a-z][^\"]*)\"", _MARKED.sub("", expression))


def test_reference_is_the_only_english_page() -> None:
    """The exceptions above name templates that exist."""
    assert {template.name for template in TEMPLATES} >= ENGLISH_ONLY


async def test_a_problem_is_in_the_callers_language(world: World) -> None:
    """Title and detail follow Accept-Language; type and status never change."""
    texts = {}
    for language in ("en", "es-MX", "id", "ar"):
        answer = await world.client.get("/api/v1/me", headers={"Accept-Language": language})
        problem = answer.json()
        assert (answer.status_code, problem["type"]) == (401, "urn:sparklink:problem:not-signed-in")
        assert answer.headers["content-language"] == language[:2]
        texts[language] = problem["detail"]
    assert len(set(texts.values())) == 4
    assert "Inicia sesión" in texts["es-MX"]


async def test_a_chosen_language_is_kept(world: World) -> None:
    """`?language=` on a page sets a cookie that overrides Accept-Language; an unknown language is ignored."""
    chosen = await world.client.get("/login?language=ar", headers={"Accept-Language": "es"})
    assert '<html lang="ar" dir="rtl">' in chosen.text
    assert chosen.cookies["sparklink-language"] == "ar"
    later = await world.client.get("/login", headers={"Accept-Language": "es", "Cookie": "sparklink-language=ar"})
    assert '<html lang="ar"' in later.text
    world.client.cookies.clear()
    ignored = await world.client.get("/login?language=xx", headers={"Accept-Language": "es"})
    assert '<html lang="es" dir="ltr">' in ignored.text
    assert "sparklink-language" not in ignored.headers.get("set-cookie", "")


async def test_why_an_ad_is_paused_is_in_the_callers_language(world: World) -> None:
    """Reason and next step follow the reader's language, in the API and in Ads Manager."""
    business = Business(world)
    await business.link(*ON_PROFILE)
    ad_id = await made(await business.push())
    await world.mia.delete(f"/me/posts/{(await business.ad(ad_id))['post']['post_id']}")
    answer = await world.alice.get(f"{business.ads}/{ad_id}", headers={"Accept-Language": "es"})
    assert answer.json()["paused"]["text"] == "El dueño de la cuenta eliminó la publicación."
    headers = {"Accept-Language": "id", "Cookie": f"{COOKIE}={world.alice.token}"}
    page = await world.client.get(f"/bc/{world.bc_id}/ads/{ad_id}", headers=headers)
    assert "Pemilik akun menghapus postingan itu." in page.text
    assert "Buat iklan baru dengan postingan lain." in page.text


async def test_how_an_ad_was_made_is_in_each_readers_language(world: World) -> None:
    """The first reader of Ads Manager does not decide the language of later readers."""
    business = Business(world)
    await business.link(*ON_PROFILE)
    await made(await business.push())
    cookie = {"Cookie": f"{COOKIE}={world.alice.token}"}
    for language, words in (("en", "New video"), ("es", "Video nuevo"), ("id", "Video baru"), ("en", "New video")):
        page = await world.client.get(f"/bc/{world.bc_id}/ads", headers={**cookie, "Accept-Language": language})
        assert f">{words}<" in page.text


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_missing_permission_has_its_usual_title(code: str) -> None:
    """In each language the sentence about a missing permission uses the title on the consent screen."""
    with speaking(LANGUAGES[code]):
        for needed, sentence in TURNED_OFF.items():
            title = PERMISSIONS[next(iter(needed))].english_title if len(needed) == 1 else NEW_VIDEOS_TITLE
            assert gettext(title) in gettext(sentence)


async def test_the_switcher_keeps_the_choices_of_the_page(alice: Desk) -> None:
    """Another language shows the same page with the same filters, and does not repeat the last notice."""
    page = await alice.see(alice.path("ads?status=paused&account=a%26b&done=ad-paused"))
    href = page.hook("language-es").attributes["href"]
    assert href == "?status=paused&account=a%26b&language=es"


async def test_the_switcher_never_leads_to_another_host(world: World) -> None:
    """A browser reads a path with two leading slashes as another host, so no link repeats it."""
    answer = await world.client.get(f"{ORIGIN}//evil.test/x")
    assert answer.status_code == 404
    assert 'href="?language=es"' in answer.text
    assert 'href="//' not in answer.text


async def test_other_cookies_do_not_matter(world: World) -> None:
    """Other programs on the same host may set cookies whose names the standard library rejects."""
    answer = await world.client.get("/login", headers={"Cookie": "a,b=1; x@y=2; sparklink-language=id"})
    assert answer.status_code == 200
    assert '<html lang="id"' in answer.text
