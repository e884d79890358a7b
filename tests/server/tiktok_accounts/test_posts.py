"""An owner's posts: what is accepted, how it is stored, and who sees it."""

import asyncio
import io
import subprocess
import sys
import time
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from PIL import Image

from server.problems import NotFound
from server.tiktok_accounts import media, posts
from server.tiktok_accounts.media import MediaLinks, UnreadableMedia
from server.tiktok_accounts.tables import post_media
from tests.server.world import Person, World, problem_of
from tests.support.server import ROOT

# Prints how many KiB reading the second file adds to the peak of reading the first. On Linux, getrusage keeps the peak
# across exec, so a child process would start with that of the tests.
PEAK_KIB = """
import pathlib, re, resource, sys
from server.tiktok_accounts import media
def peak():
    status = pathlib.Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\\s+(\\d+) kB", status.read_text())[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
media.read(pathlib.Path(sys.argv[1]).read_bytes())
before = peak()
media.read(pathlib.Path(sys.argv[2]).read_bytes())
print(peak() - before)
"""
GPS = 0x8825


def box(name: bytes, *content: bytes) -> bytes:
    """Return a box of an MP4 file (ISO 14496-12, 4.2)."""
    inside = b"".join(content)
    return (8 + len(inside)).to_bytes(4) + name + inside


def element(name: str, *content: bytes, open_end: bool = False) -> bytes:
    """Return an element of a WebM file (RFC 8794), optionally of unknown length, as a browser's recorder writes it."""
    inside = b"".join(content)
    length = (1 << 56) - 1 if open_end else len(inside)
    return bytes.fromhex(name) + (1 << 56 | length).to_bytes(8) + inside


def mp4(brand: bytes = b"mp42", tail: bytes = b"") -> bytes:
    """Return the skeleton of an MP4 file."""
    track = box(b"trak", box(b"mdia", box(b"hdlr", bytes(8), b"vide", bytes(12))))
    return box(b"ftyp", brand, bytes(4)) + box(b"moov", track) + box(b"mdat", bytes(40)) + tail


def webm(doc_type: bytes = b"webm", open_end: bool = True, before: bytes = b"") -> bytes:
    """Return the skeleton of a WebM file, with other elements before its tracks."""
    tracks = before + element("1654ae6b", element("ae", b"\x83\x81\x01"))
    cluster = element("1f43b675", bytes(40), open_end=open_end)
    return element("1a45dfa3", element("4282", doc_type)) + element("18538067", tracks, cluster, open_end=open_end)


MP4, WEBM = mp4(), webm()
# The header as ffmpeg and browsers write it: short lengths, and the DocType after four numbers.
SHORT_WEBM = bytes.fromhex("1a45dfa3 9f 428681 01 42f781 01 42f281 04 42f381 08 428284") + b"webm" + WEBM[26:]


def picture(form: str = "JPEG", size: tuple[int, int] = (640, 800), **options: Any) -> bytes:
    """Return a small picture file."""
    written = io.BytesIO()
    Image.new("RGB", size, (200, 120, 40)).save(written, form, **options)
    return written.getvalue()


def located() -> bytes:
    """Return a picture that contains the place where it was taken and lies on its side."""
    exif = Image.Exif()
    exif[GPS] = {1: "N", 2: (52.0, 31.0, 0.0)}
    exif[0x0112] = 6  # rotated by 90 degrees
    exif[0x010F] = "Camera of mia"
    return picture(exif=exif)


async def post(person: Person, data: bytes, **fields: str) -> httpx.Response:
    """Publish a file."""
    return await person.call("POST", "/me/posts", files={"file": ("file", data)}, data=fields)


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (picture(), "image/jpeg"),
        (picture("PNG"), "image/jpeg"),
        (picture("WEBP"), "image/jpeg"),
        (MP4, "video/mp4"),
        (WEBM, "video/webm"),
        (webm(open_end=False), "video/webm"),
        (SHORT_WEBM, "video/webm"),
        (mp4(tail=box(b"free") * 2_000), "video/mp4"),
        (MP4[:40], "video/mp4"),
        (mp4(brand=b"qt  ", tail=b"\0\0\0\0"), "video/mp4"),
        (box(b"ftyp", b"isom") + b"\0\0\0\1mdat" + (24).to_bytes(8) + bytes(8) + mp4()[16:], "video/mp4"),
    ],
)
async def test_pictures_and_videos(world: World, data: bytes, content_type: str) -> None:
    """Each accepted kind appears on the profile and is served with its own type, without a session."""
    answer = await post(world.mia, data, caption="Rye and honey")
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["caption"], made["content_type"], made["private"]) == ("Rye and honey", content_type, False)
    served = await world.client.get(made["media_url"])
    assert (served.status_code, served.headers["content-type"]) == (200, content_type)
    assert served.headers["x-content-type-options"] == "nosniff"
    first = (await world.leo.get("/profiles/mia.bakes")).json()["posts"][0]
    assert first["post_id"] == made["post_id"]


@pytest.mark.parametrize("whole", [MP4, WEBM, webm(open_end=False)])
def test_damaged_videos_are_accepted_or_refused(whole: bytes) -> None:
    """A damaged video is either accepted with the type in its header or refused; nothing else happens."""
    damaged = [whole[:length] for length in range(5, len(whole))]
    damaged += [whole[:at] + bytes([value]) + whole[at + 1 :] for at in range(4, len(whole)) for value in (0, 1, 255)]
    kind = media.read(whole).content_type
    refused = 0
    for data in damaged:
        try:
            assert media.read(data) == media.Media(kind, data, None)
        except UnreadableMedia:
            refused += 1
    assert refused > 10


@pytest.mark.parametrize("tiny", [MP4 + box(b"free") * 3_900_000, webm(before=element("ec") * 3_400_000)])
def test_a_video_of_many_tiny_parts_costs_nothing(tiny: bytes) -> None:
    """Reading a file of 30 MB takes no time and no memory, however many boxes or elements it has."""
    assert 30_000_000 < len(tiny) < media.SIZE_LIMIT_BYTES
    tracemalloc.start()
    started = time.process_time()
    assert media.read(tiny).cover is None
    assert time.process_time() - started < 0.1
    assert tracemalloc.get_traced_memory()[1] < 100_000
    tracemalloc.stop()


RANGES = [
    ("bytes=0-1", 206, slice(0, 2)),
    ("bytes=0-", 206, slice(0, None)),
    ("bytes=10-19", 206, slice(10, 20)),
    ("bytes=10-999999", 206, slice(10, None)),
    ("bytes=-7", 206, slice(-7, None)),
    ("bytes=-999999", 206, slice(0, None)),
    ("bytes=999999-", 416, None),
    ("bytes=-0", 416, None),
    ("bytes=19-10", 200, slice(None)),
    ("bytes=0-1,5-6", 200, slice(None)),
    ("bytes=-", 200, slice(None)),
    ("lines=0-1", 200, slice(None)),
]


async def test_ranges_of_a_video(world: World) -> None:
    """A browser gets the bytes it asks for, with their position and the total; HEAD reports the total."""
    url = (await post(world.mia, MP4)).json()["media_url"]
    for asked, status, part in RANGES:
        answer = await world.client.get(url, headers={"Range": asked})
        assert answer.status_code == status, asked
        if part is None:
            assert problem_of(answer)[1] == "range-not-satisfiable"
            assert answer.headers["content-range"] == f"bytes */{len(MP4)}"
            continue
        assert answer.content == MP4[part], asked
        assert answer.headers["accept-ranges"] == "bytes"
        if status == 206:
            first = len(MP4) - len(MP4[part]) if part.stop is None else part.start
            last = first + len(answer.content) - 1
            assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(MP4)}"
    tag = answer.headers["etag"]
    for condition, status in ((tag, 206), ('"another"', 200)):
        answer = await world.client.get(url, headers={"Range": "bytes=0-1", "If-Range": condition})
        assert answer.status_code == status
    head = await world.client.head(url, headers={"Range": "bytes=0-1"})
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(MP4)))


async def test_a_post_deleted_while_it_is_read(world: World) -> None:
    """Somebody who reads a video while its owner deletes it gets a 404, wherever the reading is interrupted."""
    post_id = (await post(world.mia, MP4)).json()["post_id"]

    def read(connection: sa.Connection) -> posts.Stored:
        @sa.event.listens_for(connection, "after_cursor_execute", once=True)
        def another_deletes_it(*_: Any) -> None:
            connection.execute(sa.delete(post_media).where(post_media.c.post_id == post_id))

        return posts.get_media(connection, post_id, "media")

    with pytest.raises(NotFound):
        await world.database.write(read)


async def test_a_profile_has_a_limit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An account accepts files up to its limit, even if they arrive at once, and a deletion makes room."""
    monkeypatch.setattr(posts, "POST_LIMIT", 3)
    answers = await asyncio.gather(*(post(world.mia, MP4) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 3
    refused = await post(world.mia, b"not even looked at")
    assert problem_of(refused) == (409, "post-limit-reached")
    assert "3 pictures and videos" in refused.json()["detail"]
    assert (await post(world.leo, MP4)).status_code == 201
    made = next(answer.json() for answer in answers if answer.status_code == 201)
    await world.mia.delete(f"/me/posts/{made['post_id']}")
    assert (await post(world.mia, MP4)).status_code == 201


async def test_a_picture_is_stored_without_its_place(world: World) -> None:
    """The stored picture is upright and contains neither place, camera nor rotation."""
    made = (await post(world.mia, located())).json()
    for url in (made["media_url"], made["cover_url"]):
        kept = (await world.client.get(url)).content
        assert b"Camera of mia" not in kept
        with Image.open(io.BytesIO(kept)) as opened:
            assert not dict(opened.getexif())
            assert opened.width > opened.height or url == made["cover_url"]


async def test_transparent_parts_become_white(world: World) -> None:
    """Transparent parts of a picture become white, not black."""
    written = io.BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(written, "PNG")
    made = (await post(world.mia, written.getvalue())).json()
    with Image.open(io.BytesIO((await world.client.get(made["media_url"])).content)) as kept:
        assert kept.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "Choose"),
        (b"%PDF-1.7 not a picture", "not a picture"),
        (picture()[:300], "not a picture"),
        (picture("GIF"), "not a picture"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(64), "not a picture"),
        (b"\x00\x00\x00\x18ftypavif" + bytes(64), "not a picture"),
        (MP4[:12], "not a picture"),
        (WEBM[:20], "not a picture"),
        (webm(doc_type=b"matroska"), "not a picture"),
        (b"\x1a\x45\xdf\xa3" + bytes(64), "not a picture"),
        (b"<!--ftypmp42--><script>alert(1)</script>" + MP4, "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>" + WEBM, "not a picture"),
        (b"<!doctype html><p>\x1a\x45\xdf\xa3\x42\x82\x84webm", "not a picture"),
        (picture("JPEG", (8000, 7000)), "50 million"),
        (picture("PNG", (4100, 4000)), "16 million"),
        (picture("WEBP", (4100, 4000)), "16 million"),
    ],
)
async def test_other_files_are_refused(world: World, data: bytes, says: str) -> None:
    """A file that is not a picture or video, or is broken or far too large, is refused with a reason and not posted."""
    refused = await post(world.mia, data)
    assert problem_of(refused)[0] == 422
    assert says in refused.json()["detail"]
    assert len((await world.mia.get("/me/posts")).json()["items"]) == 2


async def test_a_file_over_the_limit(world: World) -> None:
    """A body over the upload limit is refused as too large."""
    assert problem_of(await post(world.mia, bytes(33 * 1024 * 1024))) == (413, "too-large")


@pytest.mark.parametrize("fields", [{"caption": "x" * 2201}, {"private": "perhaps"}, {"colour": "red"}])
async def test_odd_fields(world: World, fields: dict[str, str]) -> None:
    """Fields beside the file are checked like those of any body."""
    assert problem_of(await post(world.mia, picture(), **fields)) == (422, "malformed-request")


async def test_private_posts_are_for_their_owner(world: World) -> None:
    """Only the owner's own profile shows a private post, until it is public."""
    made = (await post(world.mia, picture(), private="true")).json()
    mine = f"/me/posts/{made['post_id']}"

    async def seen_by_leo() -> bool:
        posts = (await world.leo.get("/profiles/mia.bakes")).json()["posts"]
        return any(item["post_id"] == made["post_id"] for item in posts)

    assert not await seen_by_leo()
    changed = await world.mia.call("PATCH", mine, {"private": False, "caption": "For everyone"})
    assert changed.json()["caption"] == "For everyone"
    assert await seen_by_leo()
    assert problem_of(await world.leo.call("PATCH", mine, {"caption": "mine now"})) == (404, "not-found")
    assert problem_of(await world.leo.delete(mine)) == (404, "not-found")
    assert (await world.mia.delete(mine)).status_code == 204
    assert not await seen_by_leo()
    assert problem_of(await world.mia.delete(mine)) == (404, "not-found")
    assert problem_of(await world.mia.get(mine)) == (404, "not-found")


async def test_addresses_cannot_be_forged(world: World) -> None:
    """A picture's address does not work with another post, part, time or signature."""
    url = (await post(world.mia, picture())).json()["media_url"]
    path, _, query = url.partition("?")
    for changed in (
        path,
        f"{path.replace('/media', '/cover')}?{query}",
        f"{path}?{query[:-1]}{'0' if query[-1] != '0' else '1'}",
        url.replace("until=", "until=9"),
        url.replace("signature=", "signature=%C3%A9"),
    ):
        assert problem_of(await world.client.get(changed)) == (404, "not-found")


def test_addresses_expire() -> None:
    """An address works for at least an hour, but not for ever."""
    links = MediaLinks(b"k" * 32)
    now = int(time.time())
    until = int(links.url("1", "cover").partition("until=")[2].partition("&")[0])
    assert now + 3600 <= until <= now + 7200
    past = now - 1
    assert not links.is_valid("1", "cover", past, links._signature("1", "cover", past))


async def test_uploads_of_strangers_are_not_read(world: World) -> None:
    """Without a session no byte of an upload is read; with one, reading ends at the limit even without a length."""
    chunk, read = bytes(1024 * 1024), 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n'
        for _ in range(40):
            read += 1
            yield chunk

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await world.nobody.call("POST", "/me/posts", content=endless(), headers=headers)
    assert problem_of(answer) == (401, "not-signed-in")
    assert read == 0
    answer = await world.mia.call("POST", "/me/posts", content=endless(), headers=headers)
    assert problem_of(answer) == (413, "too-large")
    assert read <= 32


@pytest.mark.parametrize(
    ("form", "mode", "size"),
    [
        ("JPEG", "RGB", (7000, 7000)),
        ("PNG", "RGBA", (3900, 3900)),
        ("PNG", "P", (3900, 3900)),
        ("WEBP", "RGBA", (3900, 3900)),
    ],
)
def test_the_largest_picture_in_bounded_memory(form: str, mode: str, size: tuple[int, int], tmp_path: Path) -> None:
    """A few kilobytes that contain the most pixels allowed need at most 350 MB to read."""
    largest, small = tmp_path / "largest", tmp_path / "small"
    Image.new(mode, size).save(largest, form)
    small.write_bytes(picture("PNG"))
    command = [sys.executable, "-c", PEAK_KIB, str(small), str(largest)]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    assert int(ran.stdout) < 350 * 1024
