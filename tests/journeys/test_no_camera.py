"""The app says why the camera does not work and offers the picture and the typed code instead."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.api import OwnerApi
from tests.journeys.people import SCREEN_MS, Owner
from tests.journeys.test_screens import keep
from tests.support.browser import PHONE, Contexts
from tests.support.flet import enable_semantics, tap, tid
from tests.support.server import ServerProcess

CAMERAS = (
    "--use-fake-device-for-media-stream=device-count=2",
    "--host-resolver-rules=MAP phone.test 127.0.0.1",
)
# Chromium's fake cameras have no direction; a phone has a front and a back camera.
A_PHONES_CAMERAS = """
  const { getCapabilities, getSettings } = MediaStreamTrack.prototype;
  const facing = (track) => (track.label.endsWith("_1") ? "environment" : "user");
  MediaStreamTrack.prototype.getCapabilities = function () {
    return { ...getCapabilities.call(this), facingMode: [facing(this)] };
  };
  MediaStreamTrack.prototype.getSettings = function () {
    return { ...getSettings.call(this), facingMode: facing(this) };
  };
"""
TAKEN = """
  () => {
    navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException("Could not start video source", "NotReadableError"));
  }
"""


def _says(page: Page, words: str) -> None:
    expect(tid(page, "scan.status")).to_have_text(re.compile(words), timeout=SCREEN_MS)
    for way_on in ("scan.album", "scan.type"):
        expect(tid(page, way_on)).to_be_attached()


def test_denied_then_allowed_then_taken_and_a_page_that_is_not_secure(
    contexts: Contexts, demo_server: ServerProcess, unlinked: Callable[[str], OwnerApi]
) -> None:
    """A blocked, busy or insecure camera has its own message; an allowed one can be switched and may have a light."""
    unlinked("mia.bakes")
    phone = contexts.open("mia", arguments=CAMERAS, **PHONE)
    mia = Owner(phone, demo_server, "mia.bakes")
    mia.open_app("#/qr/scan")
    mia.log_in()
    _says(phone, "The camera is blocked")
    keep(phone, "app-scan-denied")
    tap(phone, "scan.type")
    mia.sees("typed.code")
    tap(phone, "typed.back")
    _says(phone, "The camera is blocked")

    phone.context.grant_permissions(["camera"])
    phone.add_init_script(A_PHONES_CAMERAS)
    phone.reload()
    enable_semantics(phone)
    _says(phone, "Scan a QR code to open it")
    keep(phone, "app-scan-light")
    tap(phone, "scan.switch")
    expect(tid(phone, "scan.torch")).to_have_count(0, timeout=SCREEN_MS)  # the front camera has no light
    _says(phone, "Scan a QR code to open it")
    tap(phone, "scan.switch")
    tap(phone, "scan.torch")
    expect(tid(phone, "scan.torch")).to_have_count(0, timeout=SCREEN_MS)  # it turns out that this one has none either

    phone.evaluate(TAKEN)
    tap(phone, "scan.back")
    tap(phone, "qr.scan")
    _says(phone, "another app may be using it")
    keep(phone, "app-scan-taken")

    phone.goto(f"http://phone.test:{demo_server.port}/app/#/qr/scan")
    enable_semantics(phone)
    mia.log_in()
    _says(phone, "only to secure pages")
    keep(phone, "app-scan-insecure")
