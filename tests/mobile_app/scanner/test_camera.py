"""The camera: frames from a file, clear errors without one, and a device that is unplugged and plugged in again."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from mobile_app.scanner import LiveScanner
from mobile_app.scanner.video.camera import Camera, CameraUnavailable
from tests.mobile_app.scanner.pictures import LINK, draw, place, scene


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """A video of ten frames with a code in the last five."""
    path = tmp_path / "video.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 30, (640, 480))
    for number in range(10):
        frame = scene()
        if number >= 5:
            place(frame, draw(), 250, 300 + number, 240, 4)
        writer.write(cv2.cvtColor(frame, cv2.COLOR_GRAY2BGR))
    writer.release()
    return path


class _Device:
    """A fake device: it delivers frames until unplugged, and again once plugged in."""

    def __init__(self, frames: int, opens: bool = True) -> None:
        self.left, self.opens, self.released = frames, opens, False

    def isOpened(self) -> bool:  # noqa: N802 - OpenCV's name
        return self.opens

    def set(self, setting: int, value: float) -> bool:
        return True

    def read(self) -> tuple[bool, Any]:
        self.left -= 1
        return (True, np.zeros((480, 640, 3), np.uint8)) if self.left >= 0 else (False, None)

    def release(self) -> None:
        self.released = True


def test_a_video_file_is_read_to_its_end(video: Path) -> None:
    """A video file yields its frames in grey, and the scanner finds the code in them."""
    with Camera(video) as camera:
        frames = list(camera)
    assert len(frames) == 10
    assert frames[0].shape == (480, 640)
    assert [code.text for code in LiveScanner.over(frames)] == [LINK]


def test_a_missing_source_has_a_clear_error(tmp_path: Path) -> None:
    """A missing device, a missing file and a broken video each raise an error with a reason and advice."""
    broken = tmp_path / "broken.avi"
    broken.write_bytes(b"no video")
    for source, reason in ((97, "no-device"), (tmp_path / "absent.avi", "missing"), (broken, "unreadable")):
        with pytest.raises(CameraUnavailable) as refusal:
            Camera(source).__enter__()
        assert refusal.value.reason == reason
        assert len(str(refusal.value).split(". ")) == 2


def test_an_unplugged_camera_is_reopened() -> None:
    """After a while without frames, the camera reopens the device and the frames continue."""
    devices = [_Device(3), _Device(0, opens=False), _Device(2), _Device(0, opens=False)]
    opened: list[_Device] = []

    def opener(source: int | str) -> _Device:
        opened.append(devices[min(len(opened), 3)])
        return opened[-1]

    frames = 0

    def count() -> None:
        nonlocal frames
        with Camera(0, patience_seconds=0.4, opener=opener) as camera:
            for _ in camera:
                frames += 1

    with pytest.raises(CameraUnavailable) as refusal:
        count()
    assert refusal.value.reason == "unplugged"
    assert frames == 5
    assert all(device.released for device in opened)


def test_the_camera_is_released_whatever_happens() -> None:
    """An error during scanning leaves no camera open."""
    device = _Device(10)

    def fail() -> None:
        with Camera(0, opener=lambda source: device) as camera:
            next(iter(camera))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert device.released
