"""The camera of a desktop window, with a video instead of a device."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import flet as ft
import numpy as np
import pytest

from mobile_app import texts
from mobile_app.camera.desktop import DesktopCamera, Newest
from mobile_app.camera.live import CameraState
from mobile_app.scanner import ScannedCode
from mobile_app.views.scan.camera_view import local_camera
from shared.qr import draw_png
from tests.journeys.camera import film
from tests.mobile_app.conftest import OpenPhone
from tests.mobile_app.harness import Phone
from tests.server.world import World

MakeVideo = Callable[..., Path]


class Screen:
    """A window that takes frames immediately or after a delay."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.frames: list[bytes] = []
        self._seconds = seconds

    async def render_encoded(self, data: bytes) -> None:
        """Show one frame."""
        await asyncio.sleep(self._seconds)
        self.frames.append(data)


@pytest.fixture
def video(tmp_path: Path) -> MakeVideo:
    """Return a function that draws a film of a wall, with a code after `empty_frames`."""

    def make(text: str = "hello", empty_frames: int = 10, frames: int = 60) -> Path:
        return film(tmp_path / "film.y4m", draw_png(text), empty_frames=empty_frames, frames=frames)

    return make


def run_of(source: int | str, screen: Any) -> tuple[DesktopCamera, list[str], list[CameraState]]:
    """Return a camera that ends with the first code, the codes it finds, and the states it reports."""
    found: list[str] = []
    states: list[CameraState] = []

    async def follow(picture: bytes, codes: list[ScannedCode]) -> bool:
        assert cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR) is not None
        found.extend(code.text for code in codes)
        return True

    return DesktopCamera(source, lambda: screen, follow, states.append), found, states


def open_files_named(path: Path) -> int:
    """Return how often this process has the file open."""
    links = Path("/proc/self/fd")
    if not links.is_dir():
        return 0
    names = [link.readlink() for link in links.iterdir() if link.exists()]
    return sum(name == path for name in names)


async def test_shows_frames_and_ends_with_the_first_code(video: MakeVideo) -> None:
    """The film is visible while it plays, its code is followed, and the file is closed."""
    path = video()
    screen = Screen()
    camera, found, states = run_of(str(path), screen)
    await asyncio.wait_for(camera.run(), 20)
    assert found == ["hello"]
    assert states[0] is CameraState.LIVE
    assert screen.frames
    assert open_files_named(path) == 0


async def test_leaving_the_screen_releases_the_camera(video: MakeVideo) -> None:
    """`stop` ends the loop immediately, and nothing keeps the device open."""
    path = video(empty_frames=60)
    shown = asyncio.Event()
    camera, found, _ = run_of(str(path), SimpleNamespace(render_encoded=lambda _: _set(shown)))
    task = asyncio.create_task(camera.run())
    await asyncio.wait_for(shown.wait(), 10)
    began = time.monotonic()
    camera.stop()
    await asyncio.wait([task], timeout=3)
    assert task.done()
    assert time.monotonic() - began < 1
    assert open_files_named(path) == 0
    assert found == []


async def test_a_camera_that_disappears_is_reported_and_released(video: MakeVideo) -> None:
    """If the source disappears, the screen learns it once, and nothing stays open."""
    path = video(empty_frames=40, frames=40)
    shown = asyncio.Event()
    camera, found, states = run_of(str(path), SimpleNamespace(render_encoded=lambda _: _set(shown)))
    task = asyncio.create_task(camera.run())
    await asyncio.wait_for(shown.wait(), 10)
    path.unlink()
    await asyncio.wait_for(task, 20)
    assert states == [CameraState.LIVE, CameraState.MISSING]
    assert found == []
    assert open_files_named(path) == 0


async def _set(event: asyncio.Event) -> None:
    event.set()


async def test_a_slow_window_does_not_make_frames_wait(video: MakeVideo) -> None:
    """A film repeats; a window slower than the film drops frames, and the code is still found."""
    screen = Screen(seconds=0.5)
    camera, found, _ = run_of(str(video(empty_frames=30)), screen)
    await asyncio.wait_for(camera.run(), 20)
    assert found == ["hello"]
    assert len(screen.frames) < 10


async def test_newest_wins() -> None:
    """Of the items that nobody took in time, only the last remains."""
    place = Newest()
    for number in range(3):
        place.put(number)
    assert await place.take() == 2
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(place.take(), 0.01)


@pytest.mark.parametrize("source", [97, "/nowhere/film.mp4"])
async def test_a_missing_camera_is_reported(source: int | str) -> None:
    """A missing device ends the run with a reason."""
    camera, found, states = run_of(source, Screen())
    await asyncio.wait_for(camera.run(), 10)
    assert (found, states) == ([], [CameraState.MISSING])


@pytest.mark.parametrize(
    ("web", "platform", "named", "opened"),
    [
        (False, ft.PagePlatform.LINUX, None, 0),
        (False, ft.PagePlatform.WINDOWS, 2, 2),
        (False, ft.PagePlatform.ANDROID, None, None),
        (True, ft.PagePlatform.MACOS, None, None),
        (True, ft.PagePlatform.LINUX, "film.mp4", "film.mp4"),
    ],
)
def test_the_platform_chooses_the_camera(
    web: bool, platform: ft.PagePlatform, named: int | str | None, opened: int | str | None
) -> None:
    """A window opens the first device, browsers and phones use their own, and a configured name overrides both."""
    assert local_camera(SimpleNamespace(web=web, platform=platform), named) == opened  # type: ignore[arg-type]


async def test_a_desktop_window_scans_with_its_own_camera(
    world: World, open_desktop: Callable[[str], Awaitable[Phone]], video: MakeVideo
) -> None:
    """In a window a code in front of the camera opens the request, and then the camera is off."""
    code = await world.make_code()
    path = video(code["url"])
    window = await open_desktop(str(path))
    await window.see("consent.who")
    await window.until(lambda: open_files_named(path) == 0, "the camera is released")


async def test_a_window_without_a_camera_offers_picture_and_typed_code(
    open_desktop: Callable[[str], Awaitable[Phone]],
) -> None:
    """The screen says that there is no camera, and both other ways are one tap away."""
    window = await open_desktop("/nowhere/film.mp4")
    await window.until(lambda: texts.Scan.NO_CAMERA in window.texts())
    await window.see("scan.album", "scan.type")


@pytest.fixture
def open_desktop(open_phone: OpenPhone) -> Callable[[str], Awaitable[Phone]]:
    """Return a function that opens the scanner in a desktop window whose camera is `source`."""

    async def open_one(source: str) -> Phone:
        return await open_phone(
            "/qr/scan", log_in_as="mia.bakes", web=False, platform="linux", width=430, height=900, camera=source
        )

    return open_one
