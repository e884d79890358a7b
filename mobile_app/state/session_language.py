"""The session's language, found through the page that Flet keeps for each of its tasks."""

import flet as ft

from mobile_app.state import storage
from mobile_app.state.storage import Storage
from shared import languages
from shared.languages import ENGLISH, LANGUAGES, Language


def _of_session() -> Language | None:
    try:
        page = ft.context.page
    except RuntimeError:  # outside a session: in the server or a test
        return None
    found = getattr(page.session.store.get("app"), "language", None)
    return found if isinstance(found, Language) else None


languages.find_by(_of_session)


def locale_of(language: Language) -> ft.LocaleConfiguration:
    """Return the locale that sets the screens' direction and the names of the client's own controls."""
    return ft.LocaleConfiguration(
        supported_locales=[ft.Locale(code) for code in LANGUAGES], current_locale=ft.Locale(language.code)
    )


async def preferred(kept: Storage, device_language: str) -> Language:
    """Return the language chosen on this device, or else the first of its languages that we speak, or else English."""
    if chosen := languages.language_of(await kept.get(storage.LANGUAGE)):
        return chosen
    if asked := await kept.get(storage.DEVICE_LANGUAGES):
        return languages.negotiate(asked)
    return languages.language_of(device_language) or ENGLISH
