"""The colours of both themes meet WCAG 2.2 AA (1.4.3 text 4.5:1, 1.4.11 parts of controls 3:1)."""

import flet as ft
import pytest

from mobile_app.ui import theme
from mobile_app.views.scan.overlay import WHITE
from mobile_app.views.scan.scan import DARK
from shared.wire import Account

TEXT, PART = 4.5, 3.0
SCHEMES = {"light": theme.light().color_scheme, "dark": theme.dark().color_scheme}
GROUNDS = ("surface", "surface_bright", "surface_container_low", "surface_container")
ON_GROUNDS = ("on_surface", "on_surface_variant", "primary", "error")
PAIRS = (
    ("on_primary", "primary"),
    ("on_primary_container", "primary_container"),
    ("on_secondary_container", "secondary_container"),
    ("on_tertiary_container", "tertiary_container"),
    ("on_error", "error"),
    ("on_error_container", "error_container"),
    ("on_inverse_surface", "inverse_surface"),
)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    lighter, darker = sorted((theme.luminance(one), theme.luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_computed_as_the_standard_says() -> None:
    """Black on white is 21, a colour on itself 1, and the standard's own grey for 4.5 on white is #767676."""
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#123456", "#123456") == 1
    assert contrast("#767676", "#FFFFFF") >= TEXT > contrast("#777777", "#FFFFFF")


@pytest.mark.parametrize("name", SCHEMES)
def test_text_is_readable_on_every_background(name: str) -> None:
    """Every text colour on every background of text, and each fixed pair, reaches 4.5."""
    scheme = SCHEMES[name]
    assert isinstance(scheme, ft.ColorScheme)
    pairs = [(ink, ground) for ink in ON_GROUNDS for ground in GROUNDS] + list(PAIRS)
    faint = {pair: contrast(getattr(scheme, pair[0]), getattr(scheme, pair[1])) for pair in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in faint.items() if ratio < TEXT} == {}


@pytest.mark.parametrize("name", SCHEMES)
def test_parts_of_controls_can_be_seen(name: str) -> None:
    """The edge of a button or field, and the track of a switch, reach 3 against their background."""
    scheme = SCHEMES[name]
    assert isinstance(scheme, ft.ColorScheme)
    for part in ("outline", "secondary"):
        assert contrast(getattr(scheme, part), scheme.surface) >= PART, part


def test_white_is_readable_on_avatars_and_behind_codes() -> None:
    """White letters on any avatar, and white text on the colour behind a code, reach 4.5."""
    for hue in range(0, 360, 5):
        account = Account(account_id="1", handle="mia", display_name="Mia", avatar_hue=hue, verified=False)
        assert min(contrast(end, WHITE) for end in theme.avatar_colors(account)) >= TEXT, hue
    for hue in theme.QR_HUES:
        assert min(contrast(end, WHITE) for end in theme.qr_background(hue)) >= TEXT, hue
    assert contrast(WHITE, DARK) >= TEXT
