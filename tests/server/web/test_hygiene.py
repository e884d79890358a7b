"""Every answer: its headers, the form of errors, and the refusal of unexpected input."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.server.world import ABSENT, SPARK, Cast, Person, World, problem_of, running

HEADERS = {
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "strict-transport-security": "max-age=63072000; includeSubDomains",
}
LIMIT_BYTES = 64 * 1024
MALFORMED = (422, "malformed-request")


def _check_headers(answer: httpx.Response) -> None:
    for name, value in HEADERS.items():
        assert answer.headers[name] == value, (answer.request.url, name)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "server" not in answer.headers
    if answer.request.url.path.startswith("/api/"):
        assert answer.headers["cache-control"] == "no-store"


@pytest.fixture
async def tolerant(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """Open a client that shows the answer to a defect instead of raising the defect."""
    transport = httpx.ASGITransport(world.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=world.client.base_url, trust_env=False) as client:
        yield client


async def test_every_answer_has_the_security_headers(world: World) -> None:
    """Answers of every status, from API and pages, have the headers; API answers are never cached."""
    code = await world.make_code()
    alice, path = world.alice, f"{world.codes}/{code['link_request_id']}"
    answers = {
        200: await alice.get("/me"),
        201: await alice.post(world.codes, {"permissions": SPARK}),
        204: await world.leo.delete("/sessions/current"),
        401: await world.nobody.get("/me"),
        403: await world.bob.get(path),
        404: await alice.get(f"{world.codes}/{ABSENT}"),
        405: await alice.put("/me"),
        413: await alice.post(world.codes, content=b"x" * (LIMIT_BYTES + 1)),
        422: await alice.post(world.codes, {}),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        _check_headers(answer)
    for page in (path + "/qr.png", path + "/qr.svg", "/openapi.json"):
        _check_headers(await alice.get(page))
    for address in ("/", "/healthz", "/metrics", "/l", "/no/such/page"):
        _check_headers(await world.client.get(address))


async def test_a_defect_shows_nothing_of_itself(world: World, tolerant: httpx.AsyncClient) -> None:
    """An unforeseen error is a problem like any other, with the headers and without a trace."""
    code = await world.make_code()
    await world.sql("""UPDATE link_requests SET permissions = '["sabotaged"]'""")
    answer = await Person(tolerant, world.alice.token).get(f"{world.codes}/{code['link_request_id']}")
    assert problem_of(answer) == (500, "internal-error")
    assert "sabotaged" not in answer.text
    assert "Traceback" not in answer.text
    _check_headers(answer)


async def test_errors_below_api_are_problems(world: World) -> None:
    """Every formal error in a request is answered as a problem."""
    sessions = "/sessions"
    assert problem_of(await world.alice.get("/no/such/thing")) == (404, "not-found")
    refused = await world.alice.put("/me")
    assert problem_of(refused) == (405, "method-not-allowed")
    assert refused.headers["allow"] == "GET, HEAD"
    json_type = {"content-type": "application/json"}
    bodies: list[tuple[bytes, dict[str, str]]] = [
        (b"", json_type),
        (b"{", json_type),
        (b"[]", json_type),
        (b"null", json_type),
        (b'"text"', json_type),
        (b"\xff\xfe", json_type),
        (b'{"email": "\xff"}', json_type),
        (b"[" * 30_000, json_type),
        (b'{"handle": "a", "password": ' + b"9" * 5_000 + b"}", json_type),
        (b'{"handle": NaN, "password": "a"}', json_type),
        (b'{"\\ud800": 1}', json_type),
        (b'{"handle": "\\ud800", "password": "a"}', json_type),
        (b'{"handle": "a", "password": "b"}', {"content-type": "text/plain"}),
        (b"handle=a&password=b", {"content-type": "application/x-www-form-urlencoded"}),
    ]
    for content, headers in bodies:
        answer = await world.nobody.post(sessions, content=content, headers=headers)
        assert problem_of(answer) == MALFORMED, content[:40]


ODD_TEXTS = ["\x00", "a\x00b", "²", "9" * 30, "-1", "'", '"', "\\", "%", "|", "\u202e", "😀", "NULL", "1e3", " "]


async def test_odd_texts_are_not_understood_but_harmless(world: World) -> None:
    """Cursors, searches, ids, codes and names of any form get an answer and never cause a defect."""
    await world.link(world.mia)
    for text in ODD_TEXTS:
        for answer in await _answers_to(world, text):
            assert answer.status_code < 500, answer.request.url
            if answer.is_error:
                problem_of(answer)


async def _answers_to(world: World, text: str) -> list[httpx.Response]:
    center = f"/business-centers/{world.bc_id}"
    lists = ("/link-requests", "/tiktok-accounts", "/members", "/ad-accounts", "/audit-log")
    answers = [await world.alice.get(center + path, params={"cursor": text}) for path in lists]
    answers.append(await world.alice.get(world.accounts, params={"search": text}))
    answers.append(await world.mia.get("/me/linked-businesses", params={"cursor": text}))
    answers.append(await world.alice.get(f"{world.codes}/{quote(text, safe='')}"))
    answers.append(await world.mia.get(f"/profiles/{quote(text, safe='')}"))
    answers.append(await world.mia.post("/link-requests/open", {"code": text}))
    answers.append(await world.alice.post(world.codes, {"permissions": SPARK, "for_handle": text}))
    answers.append(await world.alice.post(world.codes, {"permissions": SPARK, "message": text}))
    answers.append(await world.nobody.post("/sessions", {"handle": text, "password": text}))
    answers.append(await world.nobody.post("/sessions", {"email": text, "password": text}))
    answers.append(await world.nobody.get("/me", headers={"Authorization": f"Bearer {text!a}"}))
    return answers


def _bodies(
    world: World, code: dict[str, Any], preview: dict[str, Any]
) -> Iterator[tuple[Person, str, dict[str, Any]]]:
    request = f"/link-requests/{code['link_request_id']}"
    yield world.nobody, "/sessions", {"handle": "mia.bakes", "password": "x"}
    yield world.mia, "/link-requests/open", {"code": code["url"]}
    yield world.mia, request + "/approve", {"code": code["url"], "consent_hash": preview["consent_hash"]}
    yield world.mia, request + "/decline", {"code": code["url"]}
    yield world.alice, world.codes, {"permissions": SPARK}


SMUGGLED = {
    "account_id": ABSENT,
    "bc_id": ABSENT,
    "state": "approved",
    "granted": ["manage_account"],
    "expires_at": "2099-01-01T00:00:00Z",
    "requested_by": "The Management",
    "role": "admin",
    "level ": "deliver_ads",
    "Code": "x",
}


async def test_unknown_fields_are_refused(world: World) -> None:
    """An unknown field in a body is an error that names it, and the request does nothing."""
    code = await world.make_code()
    preview = await world.open(world.mia, code)
    for person, path, body in _bodies(world, code, preview):
        for name, value in SMUGGLED.items():
            answer = await person.post(path, {**body, name: value})
            assert problem_of(answer) == MALFORMED, (path, name)
            assert [error["where"] for error in answer.json()["errors"]] == [f"body.{name}"]
    assert (await world.link_request(code))["state"] == "scanned"
    assert await world.scalar("SELECT count(*) FROM link_requests") == 1


async def test_bodies_are_limited(world: World) -> None:
    """The limit is exactly 64 KiB, whether or not the length is declared."""

    def request(length: int) -> bytes:
        return b'{"code": "' + b" " * (length - 12) + b'"}'

    async def in_pieces(content: bytes) -> AsyncIterator[bytes]:
        for start in range(0, len(content), 1000):
            yield content[start : start + 1000]

    headers = {"content-type": "application/json"}
    for length, expected in ((LIMIT_BYTES, MALFORMED), (LIMIT_BYTES + 1, (413, "too-large"))):
        body = request(length)
        assert len(body) == length
        for content in (body, in_pieces(body)):
            answer = await world.mia.post("/link-requests/open", content=content, headers=headers)
            assert problem_of(answer) == expected
    for declared in ("12", "-1", "many"):  # a declared length counts only if it is too large, the real one always
        lying = {**headers, "content-length": declared}
        answer = await world.mia.post("/link-requests/open", content=in_pieces(request(LIMIT_BYTES + 1)), headers=lying)
        assert problem_of(answer) == (413, "too-large")


async def test_health_and_metrics(world: World) -> None:
    """/healthz answers while the database does; /metrics counts committed events."""
    await world.link(world.mia)
    assert (await world.client.get("/healthz")).text == "ok"
    assert 'sparklink_events_total{type="link_request.approved"}' in (await world.client.get("/metrics")).text


async def test_no_demo_logins_outside_demo_mode(database_url: str, cast: Cast, tmp_path: Path) -> None:
    """A server that is not in demo mode does not publish a demo.json that it finds."""
    (tmp_path / "demo.json").write_text('{"owners": [{"handle": "mia.bakes", "password": "secret"}]}')
    async with running(database_url, tmp_path, cast) as world:
        assert problem_of(await world.nobody.get("/demo")) == (404, "not-found")
