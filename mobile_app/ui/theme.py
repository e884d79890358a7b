"""Colours, sizes and shapes; the only file that names a colour value."""

import colorsys
from functools import cache
from typing import Final

import flet as ft

from shared.wire import Account

PHONE_WIDTH_PX: Final = 430
TARGET_PX: Final = 44
BAR_PX: Final = 56
GUTTER_PX: Final = 20
RADIUS_PX: Final = 14

EMBER: Final = "#E5482D"
INK: Final = "#14161B"
GOOD: Final = "#12855B"
QR_HUES: Final = (14, 262, 168, 214, 332, 44)

_LIGHT: Final = ft.ColorScheme(
    primary="#CC3A1F",
    on_primary="#FFFFFF",
    primary_container="#FFE4DC",
    on_primary_container="#5C1405",
    secondary=GOOD,
    on_secondary="#FFFFFF",
    secondary_container="#DDF3E8",
    on_secondary_container="#05402A",
    tertiary="#8A5A00",
    tertiary_container="#FFEFCF",
    on_tertiary_container="#4A3000",
    error="#B3261E",
    on_error="#FFFFFF",
    error_container="#FDE3E1",
    on_error_container="#5F110C",
    surface="#FFFFFF",
    surface_bright="#FFFFFF",
    on_surface="#15171C",
    on_surface_variant="#5B606B",
    outline="#8A909C",
    outline_variant="#E4E6EA",
    surface_container_lowest="#FFFFFF",
    surface_container_low="#F7F8FA",
    surface_container="#F1F3F6",
    surface_container_high="#E9ECF0",
    surface_container_highest="#E1E4EA",
    inverse_surface="#20232A",
    on_inverse_surface="#FFFFFF",
    surface_tint="#FFFFFF",
    scrim="#000000",
)
_DARK: Final = ft.ColorScheme(
    primary="#FF8266",
    on_primary="#3A0A00",
    primary_container="#5A1E10",
    on_primary_container="#FFDBD1",
    secondary="#5FD3A2",
    on_secondary="#00301D",
    secondary_container="#10402D",
    on_secondary_container="#BFF1DA",
    tertiary="#F0BE62",
    tertiary_container="#48330A",
    on_tertiary_container="#FFE3AE",
    error="#FF8A80",
    on_error="#3F0500",
    error_container="#54201C",
    on_error_container="#FFDAD6",
    surface="#101216",
    surface_bright="#1B1E24",
    on_surface="#F2F3F5",
    on_surface_variant="#A4A9B4",
    outline="#757B87",
    outline_variant="#2A2D34",
    surface_container_lowest="#0B0C0F",
    surface_container_low="#16181D",
    surface_container="#1B1E24",
    surface_container_high="#23262E",
    surface_container_highest="#2D3139",
    inverse_surface="#F2F3F5",
    on_inverse_surface="#15171C",
    surface_tint="#101216",
    scrim="#000000",
)


def _theme(scheme: ft.ColorScheme) -> ft.Theme:
    slide = ft.PageTransitionTheme.CUPERTINO
    return ft.Theme(
        color_scheme=scheme,
        use_material3=True,
        focus_color=ft.Colors.with_opacity(0.24, ft.Colors.ON_SURFACE),  # rows, tabs and tiles with keyboard focus
        page_transitions=ft.PageTransitionsTheme(android=slide, ios=slide, linux=slide, macos=slide, windows=slide),
    )


def light() -> ft.Theme:
    """Return the light theme."""
    return _theme(_LIGHT)


def dark() -> ft.Theme:
    """Return the dark theme."""
    return _theme(_DARK)


def hsl(hue: float, saturation: float, lightness: float) -> str:
    """Return a colour as `#RRGGBB`; hue in degrees, the others 0-1."""
    red, green, blue = colorsys.hls_to_rgb((hue % 360) / 360, lightness, saturation)
    return f"#{round(red * 255):02X}{round(green * 255):02X}{round(blue * 255):02X}"


def luminance(color: str) -> float:
    """Return the relative luminance of `#RRGGBB`, 0 to 1 (WCAG 2.2, definition of relative luminance)."""
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# White has luminance 1, so 4.5:1 (WCAG 2.2, 1.4.3) is (1 + 0.05) / (this + 0.05).
_DARK_ENOUGH_FOR_WHITE: Final = 1.05 / 4.5 - 0.05


@cache
def _under_white(hue: float, saturation: float, lightness: float) -> str:
    """Return a colour of at most this lightness, but dark enough for white text: yellows and greens get darker."""
    color = hsl(hue, saturation, lightness)
    while luminance(color) > _DARK_ENOUGH_FOR_WHITE:
        lightness -= 0.01
        color = hsl(hue, saturation, lightness)
    return color


def avatar_colors(account: Account) -> tuple[str, str]:
    """Return the two ends of an account's avatar gradient; white text on either reaches 4.5:1."""
    return _under_white(account.avatar_hue, 0.58, 0.45), _under_white(account.avatar_hue - 24, 0.62, 0.32)


def qr_background(hue: int) -> tuple[str, str]:
    """Return the two ends of the full-bleed colour behind an account's own code; white text reaches 4.5:1."""
    return _under_white(hue, 0.70, 0.54), _under_white(hue - 28, 0.66, 0.38)
