"""The app on a phone or in a window: `flet run mobile_app/main.py`, `flet build apk`."""

import locale
import os
from typing import Final

import flet as ft

from mobile_app.app import make_main
from mobile_app.state.app import Services
from mobile_app.state.client import Client
from mobile_app.state.storage import DeviceStorage

DEFAULT_SERVER: Final = "http://127.0.0.1:8000"


def services(_page: ft.Page) -> Services:
    """Return the services of the app on a person's own device; its server can be changed in the settings."""
    address = os.environ.get("SPARKLINK_BASE_URL", DEFAULT_SERVER)
    named = os.environ.get("SPARKLINK_CAMERA", "")
    camera = int(named) if named.isdecimal() else named or None
    return Services(address, Client, DeviceStorage, True, locale.getlocale()[0] or "", camera)


main = make_main(services)

if __name__ == "__main__":
    ft.run(main)
