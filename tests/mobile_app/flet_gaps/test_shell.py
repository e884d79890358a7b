"""What assets/web/shell.js does because Flet has no setting for it; the journeys test what a person sees."""

import inspect

import flet as ft

from tests.mobile_app.flet_gaps.gap import still_there


def test_flet_can_only_push_addresses() -> None:
    """No address can replace another in the browser's history or go back to an earlier one."""
    for name in ("push_route", "navigate"):
        parameters = set(inspect.signature(getattr(ft.Page, name)).parameters) - {"self"}
        still_there("../assets/web/shell.js, history", parameters == {"route", "kwargs"})
    verbs = {name for name in dir(ft.Page) if name.endswith("route") and not name.startswith(("_", "on_"))}
    still_there("../assets/web/shell.js, history", verbs <= {"push_route", "route"})


def test_flet_has_no_limit_for_files() -> None:
    """Flet reads a file of any size and sends it in one message."""
    parameters = inspect.signature(ft.PickFiles).parameters
    still_there("../assets/web/shell.js, upload limit", not any("size" in name for name in parameters))


def test_flet_keeps_nothing_for_the_life_of_a_tab() -> None:
    """Flet's preferences outlast a visit and are shared by all tabs."""
    still_there("../assets/web/shell.js, saved session", not hasattr(ft, "SessionStorage"))
