"""Errors of the camera; test_live_camera.py tests how the app tells them apart."""

import flet_camera as fc

from mobile_app.flet_gaps.camera_errors import was_redrawn
from tests.mobile_app.flet_gaps.gap import still_there


def test_flet_camera_has_no_exceptions_of_its_own() -> None:
    """Only the words of an error say what a person should do next."""
    own = [thing for thing in vars(fc).values() if isinstance(thing, type) and issubclass(thing, Exception)]
    still_there("camera_errors.py, why_closed", not own)


async def test_flet_says_in_words_that_a_control_is_not_on_the_page() -> None:
    """A control that a redraw has replaced raises the same error as any other failure."""
    error: Exception | None = None
    try:
        await fc.Camera().get_available_cameras()
    except RuntimeError as raised:
        error = raised
    still_there("camera_errors.py, was_redrawn", type(error) is RuntimeError and was_redrawn(error))
