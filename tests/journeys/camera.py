"""Films for Chromium's fake camera: a QR code held up to the camera, drawn here, in Y4M (YUV 4:2:0)."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT, FRAMES_PER_SECOND = 640, 480, 20


MARK_PX = 32


def film(path: Path, png: bytes, *, empty_frames: int = 10, frames: int = 60, marked: bool = False) -> Path:
    """Write a film of a wall, then of a code that drifts and turns as if hand-held; Chromium loops it.

    With `marked`, frames with the code have a green corner, so that a program can recognize them.
    """
    code = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    code = cv2.resize(code, (250, 250), interpolation=cv2.INTER_AREA)
    noise = np.random.default_rng(7).integers(95, 150, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    wall = cv2.GaussianBlur(noise, (21, 21), 0)
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n".encode())
        for number in range(frames):
            frame = wall if number < empty_frames else _held(code, wall, number / frames)
            if marked and number >= empty_frames:
                frame[:MARK_PX, :MARK_PX] = (0, 255, 0)
            file.write(b"FRAME\n" + cv2.cvtColor(frame, cv2.COLOR_BGR2YUV_I420).tobytes())
    return path


def _held(code: NDArray[np.uint8], wall: NDArray[np.uint8], phase: float) -> NDArray[np.uint8]:
    turn = 2 * np.pi * phase
    side = code.shape[0]
    move = cv2.getRotationMatrix2D((side / 2, side / 2), 6 * np.sin(turn), 1.0 + 0.08 * np.cos(turn))
    move[:, 2] += ((WIDTH - side) / 2 + 25 * np.sin(turn), (HEIGHT - side) / 2 + 15 * np.cos(turn))
    mask = cv2.warpAffine(np.full(code.shape[:2], 255, np.uint8), move, (WIDTH, HEIGHT))
    placed = cv2.warpAffine(code, move, (WIDTH, HEIGHT))
    frame: NDArray[np.uint8] = np.where(mask[..., None] > 0, placed, wall)
    return frame
