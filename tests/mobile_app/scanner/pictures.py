"""Pictures for the scanner's tests. The tests draw them all; none comes from a file."""

import io
import math
from typing import Any

import cv2
import numpy as np
import qrcode
from numpy.typing import NDArray
from PIL import Image
from qrcode.util import MODE_8BIT_BYTE, QRData

Gray = NDArray[np.uint8]

LINK = "https://app.example.org/l#AAECAwQFBgcICQoLDA0ODw"
PATIENCE_MS = 20_000  # for tests of results, not of speed: a busy machine must not fail them


def draw(content: str | bytes = LINK, scale: int = 8, quiet: int = 4) -> Gray:
    """Return a code as (side, side) uint8, `scale` pixels a module; bytes are encoded as they are, in byte mode."""
    code: Any = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=quiet, box_size=scale)
    code.add_data(QRData(content, mode=MODE_8BIT_BYTE) if isinstance(content, bytes) else content)
    code.make(fit=True)
    return np.array(code.make_image().get_image().convert("L"))


def encode(gray: NDArray[Any], file_format: str = "PNG", **options: Any) -> bytes:
    """Return a picture encoded as the bytes of a file."""
    out = io.BytesIO()
    Image.fromarray(gray).save(out, file_format, **options)
    return out.getvalue()


def scene(width: int = 640, height: int = 480, seed: int = 1) -> Gray:
    """Return a picture without a code: blobs of several sizes, some edges, a little noise."""
    random = np.random.default_rng(seed)
    noise = np.zeros((height, width), np.float32)
    for sigma in (4, 12, 40):
        layer = random.normal(0, 1, (height, width)).astype(np.float32)
        noise += cv2.GaussianBlur(layer, (0, 0), sigma) * sigma
    picture = 130 + 50 * noise / noise.std()
    for _ in range(6):
        x, y, w, h = (int(v) for v in random.uniform(0.05, 0.6, 4) * (width, height, width / 2, height / 2))
        cv2.rectangle(picture, (x, y), (x + w, y + h), float(random.uniform(0, 255)), -1)
    return np.clip(picture + random.normal(0, 3, picture.shape), 0, 255).astype(np.uint8)


def place(
    frame: Gray, code: Gray, side: float, x: float, y: float, turn: float = 0, tilt: float = 0
) -> NDArray[np.float64]:
    """Draw `code` into `frame`, `side` px wide, centred at (x, y), turned and tilted in degrees; return its corners."""
    half = side / 2
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    corners = []
    for u, v in ((-half, -half), (half, -half), (half, half), (-half, half)):
        px, py = u * cos - v * sin, u * sin + v * cos
        depth = 1 + px * math.sin(math.radians(tilt)) / (2.5 * side)
        corners.append((x + px * math.cos(math.radians(tilt)) / depth, y + py / depth))
    n = code.shape[0]
    source = np.array([[0, 0], [n, 0], [n, n], [0, n]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, np.array(corners, np.float32))
    size = (frame.shape[1], frame.shape[0])
    drawn = cv2.warpPerspective(code, matrix, size, flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full_like(code, 255), matrix, size)
    frame[:] = np.where(mask > 127, drawn, frame)
    return np.array(corners)
