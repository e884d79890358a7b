"""The camera loop, with a simulated camera."""

import asyncio
from types import SimpleNamespace
from typing import Any

import flet_camera as fc
import pytest

from mobile_app.camera.live import CameraState, LiveCamera
from mobile_app.scanner import ScannedCode
from shared.qr import draw_png


class PlayedCamera:
    """A camera that shows one picture after another and then repeats the last one."""

    def __init__(self, *pictures: bytes, lenses: tuple[str, ...] = ("FRONT", "BACK")) -> None:
        self.pictures = list(pictures)
        self.lenses = lenses
        self.opened: list[str] = []
        self.taken = 0

    async def get_available_cameras(self) -> list[Any]:
        """Return the cameras of the device."""
        return [SimpleNamespace(name=lens, lens_direction=fc.CameraLensDirection[lens]) for lens in self.lenses]

    async def initialize(self, description: Any, **options: Any) -> None:
        """Open one of the cameras."""
        self.opened.append(description.name)

    async def take_picture(self) -> bytes:
        """Return the next picture."""
        self.taken += 1
        await asyncio.sleep(0.001)
        return self.pictures.pop(0) if len(self.pictures) > 1 else self.pictures[0]


async def watch(camera: Any, seconds: float = 5) -> tuple[list[str], list[CameraState]]:
    """Run the loop until it follows a code; return the codes and the reported camera states."""
    found: list[str] = []
    states: list[CameraState] = []

    async def follow(picture: bytes, codes: list[ScannedCode]) -> bool:
        found.extend(code.text for code in codes)
        return True

    live = LiveCamera(lambda: camera, follow, states.append)
    await asyncio.wait_for(live.run(), seconds)
    return found, states


async def test_the_back_camera_finds_the_code() -> None:
    """The back camera skips frames without a code, and the first with one ends the loop."""
    camera = PlayedCamera(b"no picture", draw_png("hello"))
    found, states = await watch(camera)
    assert found == ["hello"]
    assert camera.opened == ["BACK"]
    assert states == [CameraState.LIVE]


async def test_no_camera() -> None:
    """A device without a camera says so and opens nothing."""
    camera = PlayedCamera(b"", lenses=())
    assert await watch(camera) == ([], [CameraState.MISSING])
    assert camera.opened == []


async def test_causes_of_failure_are_distinguished() -> None:
    """Each cause has its own state, because the person must do something different."""
    for error, expected in (
        ("CameraAccessDenied: Permission denied", CameraState.DENIED),
        ("cameraNotFound: none", CameraState.MISSING),
        ("cameraNotReadable: The camera is not readable", CameraState.IN_USE),
        ("Null check operator used on a null value", CameraState.INSECURE),
    ):
        camera = PlayedCamera(b"")

        async def refuse(error: str = error) -> list[Any]:
            raise RuntimeError(error)

        camera.get_available_cameras = refuse  # type: ignore[method-assign]
        assert await watch(camera) == ([], [expected])


async def test_a_fault_while_following_a_code_is_raised() -> None:
    """A fault is raised, so that the camera does not stay on with nobody reading its pictures."""

    async def follow(picture: bytes, codes: list[ScannedCode]) -> bool:
        raise LookupError("no such screen")

    camera: Any = PlayedCamera(draw_png("hello"))
    with pytest.raises(LookupError):
        await asyncio.wait_for(LiveCamera(lambda: camera, follow, lambda state: None).run(), 5)


async def test_only_the_newest_picture_waits() -> None:
    """A scanner that is slower than the camera drops pictures instead of falling behind."""
    live = LiveCamera(lambda: None, lambda picture, codes: asyncio.sleep(0, True), lambda state: None)
    for picture in (b"1", b"2", b"3"):
        live._offer(picture)
    assert live._newest.get_nowait() == b"3"
    assert live._newest.empty()


async def test_the_other_camera_is_a_tap_away() -> None:
    """With two cameras a person can switch between them, and the front camera has no light."""
    camera = PlayedCamera(b"no picture")
    states: list[CameraState] = []
    live = LiveCamera(lambda: camera, lambda picture, codes: asyncio.sleep(0, True), states.append)  # type: ignore[arg-type, return-value]
    task = asyncio.create_task(live.run())
    while CameraState.LIVE not in states:  # noqa: ASYNC110 - the test's own time limit ends it
        await asyncio.sleep(0.01)
    assert live.can_switch
    assert live.has_light
    await live.switch()
    assert camera.opened == ["BACK", "FRONT"]
    assert not live.has_light
    assert states == [CameraState.LIVE, CameraState.STARTING, CameraState.LIVE]
    live.stop()
    await asyncio.wait([task], timeout=3)
    assert task.done()
