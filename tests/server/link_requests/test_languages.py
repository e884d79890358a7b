"""A consent means the same in every language."""

from tests.server.world import World


async def test_the_hash_of_a_consent_knows_no_language(world: World) -> None:
    """What was read in Arabic is approved with the same hash as in English, and each reads their own words."""
    code = await world.make_code()
    texts = {}
    for language in ("en", "ar", "es"):
        world.client.headers["Accept-Language"] = language
        texts[language] = await world.open(world.mia, code)
    english, arabic, spanish = (texts[language] for language in ("en", "ar", "es"))
    assert arabic["consent_hash"] == english["consent_hash"] == spanish["consent_hash"]
    assert english["level_title"] == "Deliver ads"
    assert arabic["level_title"] == "عرض الإعلانات"
    titles = [[row["title"] for row in preview["permissions"]] for preview in (english, arabic, spanish)]
    assert titles[0][0] == "Existing posts"
    assert all(len({*row}) == 3 for row in zip(*titles, strict=True))
    body = {"code": code["url"], "consent_hash": arabic["consent_hash"], "permissions": code["permissions"]}
    answer = await world.mia.post(f"/link-requests/{arabic['link_request_id']}/approve", body)
    assert answer.status_code == 200, answer.text


async def test_answers_to_two_people_at_once_do_not_mix(world: World) -> None:
    """The database's tasks are shared by everybody; a refusal is told to each in their own language."""
    seen = set()
    for language in ("ar", "es", "en", "id"):
        answer = await world.client.get(
            "/api/v1/me/linked-businesses/1000000000000000001",
            headers={"Accept-Language": language, "Authorization": f"Bearer {world.cast.tokens['mia']}"},
        )
        assert answer.status_code == 404, answer.text
        seen.add(answer.json()["detail"])
    assert len(seen) == 4
