"""No code, token or password is ever written down: not in the database, a log, the audit log or an error."""

import io
import json
import logging
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.database import migrate
from server.database.sqlite import make_engine
from server.demo.logins import prepare
from server.settings import Settings
from tests.server.conftest import TABLES
from tests.server.world import PASSWORD, Person, World

CANARY = "canary-7f3a-password"


@pytest.fixture
def all_logs() -> Iterator[io.StringIO]:
    """Collect everything that any logger writes, from DEBUG up."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.setLevel(before)
    root.removeHandler(handler)


async def _stored(world: World) -> str:
    """Return the whole content of the database, from its files or as a dump."""
    if world.url.startswith("sqlite"):
        path = Path(world.url.removeprefix("sqlite:///"))
        files = [path, path.with_name(path.name + "-wal")]
        return "".join(file.read_bytes().decode("latin-1") for file in files if file.exists())
    rows = []
    for table in TABLES:
        rows += [str(tuple(row)) for row in await world.sql(f"SELECT {table}::text FROM {table}")]
    return "\n".join(rows)


async def test_no_secret_is_written_anywhere(world: World, all_logs: io.StringIO) -> None:
    """After the whole story, refusals included, nothing that the server wrote contains a secret."""
    answers = []
    mia = (await world.nobody.post("/sessions", {"handle": "mia.bakes", "password": PASSWORD})).json()
    owner = Person(world.client, mia["token"], "mia", world.mia.id)
    code = await world.make_code()
    renewed = (await world.alice.post(f"{world.codes}/{code['link_request_id']}/new-code")).json()
    addressed = await world.make_code(for_handle="leo.rides")
    link = f"/link-requests/{code['link_request_id']}"
    secrets = {PASSWORD, CANARY, mia["token"]}
    for made in (code, renewed, addressed):
        secrets |= {made["url"].partition("#")[2], made["typed_code"] or CANARY}
        secrets.add((made["typed_code"] or CANARY).replace("-", "").lower())
    answers += [
        await world.nobody.post("/sessions", {"handle": "mia.bakes", "password": CANARY}),
        await world.nobody.post("/sessions", {"handle": "mia.bakes", "password": CANARY, "email": CANARY}),
        await world.nobody.post("/sessions", content=CANARY.encode()),
        await world.nobody.post("/sessions", {"handle": "x", "password": [CANARY]}),
        await owner.post("/link-requests/open", {"code": code["url"]}),
        await owner.post("/link-requests/open", {"code": addressed["url"]}),
        await owner.post("/link-requests/open", {"code": [renewed["url"]]}),
        await owner.post("/link-requests/open", {"code": renewed["url"] + "?x"}),
        await owner.post(link + "/approve", {"code": renewed["url"], "consent_hash": "0" * 64}),
        await owner.post(link + "/approve", {"code": renewed["url"], "consent_hash": renewed["typed_code"]}),
        await owner.post(link + "/decline", {"code": renewed["typed_code"], "token": mia["token"]}),
        await world.approve(owner, renewed),
        await owner.post(link + "/decline", {"code": renewed["typed_code"].lower()}),
        await world.alice.get(f"/business-centers/{world.bc_id}/audit-log", params={"page_size": 100}),
        await Person(world.client, mia["token"] + "x").get("/me"),
    ]
    stored = await _stored(world)
    assert "mia.bakes" in stored, "the search must be able to find something"
    places = {"database": stored, "logs": all_logs.getvalue(), "answers": "".join(a.text for a in answers)}
    for place, text in places.items():
        for secret in secrets:
            assert secret not in text, (place, secret)
            assert secret.lower() not in text.lower() or len(secret) == 22, (place, secret)


async def test_the_database_contains_only_hashes(world: World) -> None:
    """Sessions and codes are stored as hashes of 32 bytes, passwords as argon2id."""
    await world.make_code()
    ((token,),) = await world.sql("SELECT token_hash FROM sessions WHERE subject_id = :id", id=world.mia.id)
    ((code, typed),) = await world.sql("SELECT code_hash, typed_hash FROM link_requests")
    assert [len(value) for value in (token, code, typed)] == [32, 32, 32]
    hashes = await world.sql("SELECT password_hash FROM users UNION SELECT password_hash FROM tiktok_accounts")
    assert all(row.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for row in hashes)


async def test_a_defect_is_logged_without_what_was_sent(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """The log of an unforeseen error contains no code."""
    code = await world.make_code()
    await world.sql("""UPDATE link_requests SET permissions = '["sabotaged"]'""")
    with pytest.raises(ValueError, match="sabotaged"):
        await world.mia.post("/link-requests/open", {"code": code["url"]})
    assert "unhandled error" in caplog.text
    assert code["url"].partition("#")[2] not in caplog.text


def _seed_demo(data_dir: Path) -> dict[str, Any]:
    settings = Settings(data_dir=data_dir, demo=True)
    migrate.upgrade_url(settings.resolved_database_url)
    engine = make_engine(settings.resolved_database_url)
    with engine.begin() as connection:
        return prepare(connection, settings)


def test_files_with_secrets_are_private(tmp_path: Path) -> None:
    """Only their owner can read secrets.json and demo.json, whatever the umask, even after a second start."""
    data_dir = tmp_path / "data"
    first = _seed_demo(data_dir)
    again = _seed_demo(data_dir)
    assert again == first
    for name in ("secrets.json", "demo.json"):
        assert stat.S_IMODE((data_dir / name).stat().st_mode) == 0o600, name
    assert stat.S_IMODE(data_dir.stat().st_mode) == 0o700
    assert json.loads((data_dir / "demo.json").read_text()) == first


def test_demo_passwords_are_new_each_time(tmp_path: Path) -> None:
    """No two demos share a password, and every password is four words and a number."""
    logins = [_seed_demo(tmp_path / name) for name in ("one", "two")]
    passwords = [
        person["password"]
        for found in logins
        for person in (*found["owners"], *(found[key] for key in ("admin", "standard", "outsider")))
    ]
    assert len(set(passwords)) == len(passwords) == 14
    assert all(re.fullmatch(r"([a-z]+-){4}\d\d", password) for password in passwords)


def test_lost_demo_logins_are_replaced(tmp_path: Path) -> None:
    """If demo.json is gone, the next start gives the same people new passwords."""
    first = _seed_demo(tmp_path / "data")
    (tmp_path / "data" / "demo.json").unlink()
    second = _seed_demo(tmp_path / "data")
    assert second["admin"]["bc_id"] == first["admin"]["bc_id"]
    assert second["admin"]["password"] != first["admin"]["password"]


@pytest.mark.parametrize(
    "unsafe",
    [
        {"demo": True, "host": "0.0.0.0"},  # noqa: S104 - must be refused
        {"demo": True, "host": "192.168.1.5"},
        {"link_code_key": "5e" * 31},
        {"base_url": "link.example.com"},
        {"base_url": "ftp://link.example.com"},
        {"base_url": "https://link.example.com/path"},
        {"base_url": "https://link.example.com?query"},
        {"port": 70_000},
    ],
    ids=str,
)
def test_unsafe_settings_are_refused(unsafe: dict[str, Any], tmp_path: Path) -> None:
    """A setting that would publish passwords or weaken codes stops the program before it starts."""
    with pytest.raises(ValueError, match=r"."):
        Settings(data_dir=tmp_path, **unsafe)


def test_the_link_code_key_stays(tmp_path: Path) -> None:
    """Later starts use the key made on the first start; otherwise codes on screen would stop working."""
    first, second = Settings(data_dir=tmp_path).link_code_secret, Settings(data_dir=tmp_path).link_code_secret
    assert first == second
    assert len(first) == 32
    assert first.hex() not in repr(Settings(data_dir=tmp_path, link_code_key=first.hex()))
