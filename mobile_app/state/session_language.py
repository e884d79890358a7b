"""The session's language, found through the page that Flet keeps for each of its tasks."""

import flet as ft

from mobile_app.state import storage
from mobile_app.state.storage import Storage
from shared import languages
from shared.languages import ENGLISH, LANGUAGES, Language


def _of_session() -> Language | None:
    try:
        page = ft.context.page
    except RuntimeError:  # no session runs here: the server, a test
        return None
    found = getattr(page.session.store.get("app"), "language", None)
    return found if isinstance(found, Language) else None


languages.find_by(_of_session)


def locale_of(language: Language) -> ft.LocaleConfiguration:
    """Return what lays the screens out in the language's direction and names the client's own controls in it."""
    return ft.LocaleConfiguration(
        supported_locales=[ft.Locale(code) for code in LANGUAGES], current_locale=ft.Locale(language.code)
    )


async def preferred(kept: Storage, device_language: str) -> Language:
    """Return what was chosen on this device, else the first of the device's languages that we speak, else English."""
    if chosen := languages.language_of(await kept.get(storage.LANGUAGE)):
        return chosen
    if asked := await kept.get(storage.DEVICE_LANGUAGES):
        return languages.negotiate(asked)
    return languages.language_of(device_language) or ENGLISH
