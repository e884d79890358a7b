"""A consent means the same in every language."""

from tests.server.world import World


async def test_the_consent_hash_does_not_depend_on_the_language(world: World) -> None:
    """A consent has the same hash in Arabic as in English, and each reader sees their own words."""
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
    """Everybody shares the database's tasks, yet each person reads a refusal in their own language."""
    seen = set()
    for language in ("ar", "es", "en", "id"):
        answer = await world.client.get(
            "/api/v1/me/linked-businesses/1000000000000000001",
            headers={"Accept-Language": language, "Authorization": f"Bearer {world.cast.tokens['mia']}"},
        )
        assert answer.status_code == 404, answer.text
        seen.add(answer.json()["detail"])
    assert len(seen) == 4
