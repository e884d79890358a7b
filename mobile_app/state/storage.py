"""The few preferences that outlive a visit; never a password, a token or a code that somebody else could read."""

from contextlib import suppress
from typing import Final, Protocol

import flet as ft

THEME: Final = "sparklink.theme"
SERVER: Final = "sparklink.server"
LANGUAGE: Final = "sparklink.language"
SAVED_SESSION: Final = "sparklink.place"  # sealed; the web page keeps it until the tab is closed
DEVICE_LANGUAGES: Final = "sparklink.device-languages"  # written by the web page before the app starts


class Storage(Protocol):
    """Where preferences are kept."""

    async def get(self, key: str) -> str | None:
        """Return the value, or None if there is none or the store does not answer."""

    async def set(self, key: str, value: str) -> None:
        """Keep the value if the store takes it."""


class DeviceStorage:
    """The device's own preferences: localStorage on the web, the system's store on a phone."""

    def __init__(self) -> None:
        self._preferences = ft.SharedPreferences()

    async def get(self, key: str) -> str | None:
        """Return the value, or None if there is none or the store does not answer."""
        try:
            value = await self._preferences.get(key)
        except (RuntimeError, TimeoutError):
            return None
        return value if isinstance(value, str) else None

    async def set(self, key: str, value: str) -> None:
        """Keep the value if the store takes it."""
        with suppress(RuntimeError, TimeoutError):
            await self._preferences.set(key, value)


class MemoryStorage:
    """Preferences in memory only, for tests and for a device without a store."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        """Return the value, or None."""
        return self.values.get(key)

    async def set(self, key: str, value: str) -> None:
        """Keep the value."""
        self.values[key] = value
