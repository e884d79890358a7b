"""A stack of frames shows more than any single one."""

import cv2
import numpy as np

from mobile_app.scanner.preprocess import View
from mobile_app.scanner.video.stack import FrameStack
from tests.mobile_app.scanner.pictures import Gray, draw, place


def _noisy_frames(count: int) -> tuple[list[Gray], list[np.ndarray]]:
    random = np.random.default_rng(5)
    frames, corners = [], []
    for number in range(count):
        frame = np.full((240, 240), 120, np.uint8)
        corners.append(place(frame, draw(), 150, 115 + 1.7 * number, 120 - 1.3 * number, turn=number))
        blurred = cv2.GaussianBlur(frame, (0, 0), 0.8)
        frames.append(np.clip(blurred + random.normal(0, 25, frame.shape), 0, 255).astype(np.uint8))
    return frames, corners


def test_noise_averages_out_and_places_are_those_of_the_newest_frame() -> None:
    """Registered frames match the code better than a single one, and the view maps to the newest frame."""
    frames, corners = _noisy_frames(6)
    stack = FrameStack()
    fitted = [stack.add(View(frame, np.eye(3))) for frame in frames]
    assert fitted == [False, True, True, True, True, True]
    assert stack.count == 6
    middle = np.array([*np.linalg.inv(stack.view().to_original) @ [*corners[-1].mean(axis=0), 1]])[:2] / 2
    assert np.abs(middle - corners[0].mean(axis=0)).max() < 2
    clear, _ = _noisy_frames(1)
    one = float(np.std(cv2.resize(clear[0], None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)[:60, :60]))
    assert float(np.std(stack.view().gray[20:60, 20:60])) < 0.6 * one


def test_another_scene_is_left_out() -> None:
    """The average leaves out a frame that shows something else."""
    frames, _ = _noisy_frames(1)
    stack = FrameStack()
    stack.add(View(frames[0], np.eye(3)))
    other = np.random.default_rng(9).integers(0, 256, frames[0].shape, dtype=np.uint8)
    assert stack.add(View(cv2.GaussianBlur(other, (0, 0), 3).astype(np.uint8), np.eye(3))) is False
    assert stack.count == 1
