"""For a picture with several codes the app asks which one to use."""

import io
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw

from shared.qr import draw_png
from tests.journeys.api import AdminApi, OwnerApi
from tests.journeys.people import Owner
from tests.support.browser import PHONE, Contexts
from tests.support.flet import tap, tid
from tests.support.server import ServerProcess


def test_several_codes_are_numbered_row_by_row_and_the_chosen_one_is_followed(
    admin_api: AdminApi,
    unlinked: Callable[[str], OwnerApi],
    contexts: Contexts,
    demo_server: ServerProcess,
    tmp_path: Path,
) -> None:
    """Each of three codes in a screenshot gets a number; tapping Sparklink's code asks for consent."""
    unlinked("leo.rides")
    screenshot = Image.new("RGB", (1170, 2532), "#F2F2F4")
    ink = ImageDraw.Draw(screenshot)
    # Two are side by side but not level: the left one is a little lower.
    for x, y, side, code in (
        (60, 520, 480, draw_png("https://shop.example.org/menu", 8)),
        (620, 480, 500, draw_png("WIFI:T:WPA;S=guests;P=welcome;;", 8)),
        (260, 1300, 640, admin_api.picture(admin_api.make_code())),
    ):
        screenshot.paste(Image.open(io.BytesIO(code)).convert("RGB").resize((side, side)), (x, y))
        ink.text((x, y + side + 20), "Scan me", "#333", font_size=44)
    path = tmp_path / "screenshot.png"
    screenshot.save(path)
    leo = Owner(contexts.open("leo", **PHONE), demo_server, "leo.rides")
    leo.walk_to_scanner()
    leo.choose_picture(path)
    leo.sees("scan.several")
    boxes = [tid(leo.page, f"scan.code.{number}").bounding_box() for number in (1, 2, 3)]
    assert all(boxes)
    left, right, below = (box for box in boxes if box)
    assert left["x"] < right["x"]
    assert below["y"] > max(left["y"], right["y"])
    tap(leo.page, "scan.code.3")
    leo.sees("consent.who")
    contexts.log(leo.page).expect_clean()
