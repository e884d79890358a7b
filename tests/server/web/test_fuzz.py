"""Requests generated from the API's own description: every answer is one that the description lists."""

import asyncio
import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from server.auth import service as auth
from server.auth import sign_in
from server.auth.attempts import AttemptLimit
from server.link_requests import routes
from tests.server.world import ABSENT, ORIGIN, Template, World, running

SEED = 20_261_107
CASES = 6  # per operation, for both well-formed and malformed requests
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ENDLESS = "/api/v1/business-centers/{bc_id}/events"  # a stream; see test_live_feed.py


class Fuzzed:
    """A running application that a synchronous test can talk to."""

    def __init__(self, runner: asyncio.Runner, world: World) -> None:
        self._runner, self._world = runner, world
        # Mostly people with the right: a refusal of the caller says little about the rest of a request.
        likely = (world.alice, world.mia)
        self.people = (*likely * 3, world.bob, world.charlie, world.leo, world.nobody)
        self.ids: dict[str, list[str]] = {}
        self.codes: list[str] = []
        self.hashes: list[str] = []

    def furnish(self) -> None:
        """Make objects of every kind, because earlier requests may have removed them."""
        self._runner.run(self._furnish())

    async def _furnish(self) -> None:
        world = self._world
        linked = [
            await world.link(owner, "existing_posts", by=by)
            for owner, by in ((world.mia, world.alice), (world.leo, world.charlie))
        ]
        codes = [await world.make_code(by=by) for by in (world.alice, world.alice, world.charlie)]
        previews = [await world.open(world.mia, code) for code in codes[1:]]
        self.ids = {
            "bc_id": [world.bc_id, world.other_bc_id, ABSENT],
            "account_id": [world.mia.id, world.leo.id, ABSENT],
            "advertiser_id": [*world.cast.advertisers, world.cast.other_advertiser, ABSENT],
            "link_request_id": [code["link_request_id"] for code in codes],
            "authorization_id": [authorization["authorization_id"] for authorization in linked],
            "handle": ["mia.bakes", "@leo.rides"],
        }
        self.codes = [text for code in codes for text in (code["url"], code["typed_code"])]
        self.hashes = [preview["consent_hash"] for preview in previews]

    def send(self, case: Case, who: int) -> None:
        """Send the case as one of the people and check the answer."""
        self._runner.run(self._send(case, who))

    async def _send(self, case: Case, who: int) -> None:
        person = self.people[who]
        token = person.token
        if case.method.upper() == "DELETE" and case.path.endswith("/sessions/current") and token:
            token = await self._new_token()
        request = case.as_transport_kwargs(base_url=ORIGIN)
        headers = dict(request.get("headers") or {})
        content = request.get("data")
        if "json" in request:
            content = json.dumps(request["json"])
            headers.setdefault("Content-Type", "application/json")
        if token:
            headers["Authorization"] = f"Bearer {token}"
        answer = await self._world.client.request(
            request["method"], request["url"], headers=headers, params=request.get("params"), content=content
        )
        case.validate_response(answer, checks=CHECKS)

    async def _new_token(self) -> str:
        login = auth.Login("owner", self._world.nara.id, "@studio.nara", "")
        return (await self._world.database.write(auth.start_session, login)).token


@pytest.fixture
def fuzzed(
    database_url: str, prepare_database: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Fuzzed]:
    """Run the application without limits on guessing, which would refuse most requests."""
    without = AttemptLimit("none", per_person=100_000, per_address=100_000)
    monkeypatch.setattr(routes, "SCANNED_CODE", without)
    monkeypatch.setattr(routes, "TYPED_CODE", without)
    monkeypatch.setattr(routes, "CHECKED_CODE", without)
    monkeypatch.setattr(sign_in, "SIGN_IN", without)
    with asyncio.Runner() as runner:
        opening = running(database_url, tmp_path, prepare_database.cast(database_url))
        world = runner.run(opening.__aenter__())
        yield Fuzzed(runner, world)
        runner.run(opening.__aexit__(None, None, None))


def _operations(description: dict[str, Any]) -> list[Any]:
    schema = schemathesis.openapi.from_dict(description)
    operations = [found.ok() for found in schema.get_all_operations()]
    return [operation for operation in operations if operation.path != ENDLESS]


@pytest.mark.timeout(300)
def test_made_up_requests(fuzzed: Fuzzed, world_description: dict[str, Any]) -> None:
    """Well-formed and malformed requests by everybody on existing objects cause no defect and no undescribed answer."""
    sent = 0
    for operation in _operations(world_description):
        fuzzed.furnish()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            with contextlib.suppress(Unsatisfiable):  # an operation without parameters has no malformed requests
                sent += _fuzz(fuzzed, operation.as_strategy(generation_mode=mode))
    assert sent >= 200


def _fuzz(fuzzed: Fuzzed, cases: Any) -> int:
    sent = 0

    @seed(SEED)
    @settings(
        max_examples=CASES,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, who=st.integers(0, len(fuzzed.people) - 1), data=st.data())
    def check(case: Case, who: int, data: st.DataObject) -> None:
        nonlocal sent
        sent += 1
        known = {name: ids for name, ids in fuzzed.ids.items() if name in case.path_parameters}
        for name, ids in known.items():
            if data.draw(st.integers(0, 3)):
                case.path_parameters[name] = data.draw(st.sampled_from(ids))
        if isinstance(case.body, dict) and "code" in case.body and data.draw(st.booleans()):
            case.body["code"] = data.draw(st.sampled_from(fuzzed.codes))
            if "consent_hash" in case.body:
                case.body["consent_hash"] = data.draw(st.sampled_from(fuzzed.hashes))
        fuzzed.send(case, who)

    check()
    return sent


@pytest.fixture
def world_description(fuzzed: Fuzzed) -> dict[str, Any]:
    """Return the running application's own description."""
    description: dict[str, Any] = fuzzed._world.app.openapi()
    return description
