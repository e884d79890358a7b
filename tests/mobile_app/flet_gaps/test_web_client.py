"""The installed files of Flet's web client; test_web.py tests how they are served."""

import pytest

from mobile_app.flet_gaps.web_client import CLIENT, client_file, in_our_shell
from tests.mobile_app.flet_gaps.gap import still_there

BOOTSTRAP = (CLIENT / "flutter_bootstrap.js").read_text()


def test_flet_draws_into_the_whole_page() -> None:
    """The page has no setting for the element to draw into."""
    own = BOOTSTRAP[BOOTSTRAP.index("var flutterConfig") :]
    still_there("web_client.py, in_our_shell (host element)", "hostElement" not in own)


def test_flet_registers_a_service_worker_that_reloads_the_page() -> None:
    """The service worker is deprecated and does nothing else."""
    worker = (CLIENT / "flutter_service_worker.js").read_text()
    reloads = "serviceWorkerSettings" in BOOTSTRAP and "client.navigate" in worker
    still_there("web_client.py, in_our_shell (service worker)", reloads)


def test_flet_loads_fonts_for_formulas() -> None:
    """Every client loads these fonts, whether or not it draws a formula."""
    still_there(
        "web_client.py, client_file (FontManifest.json)",
        "KaTeX" in (CLIENT / "assets" / "FontManifest.json").read_text(),
    )


def test_flet_has_no_font_for_what_roboto_lacks() -> None:
    """A client that must not use another host requests Noto fonts that are not installed."""
    fonts = {file.name for file in (CLIENT / "assets" / "fonts").iterdir()}
    still_there("web_client.py, client_file (Noto)", not any("noto" in name.lower() for name in fonts))
    assert client_file("assets/fonts/notosanssc/v37/some.woff2") is not None


def test_a_client_that_was_not_tried_is_refused() -> None:
    """The app does not start with an unknown bootstrap that has nothing to replace."""
    assert "hostElement: flet.hostElement()" in in_our_shell(BOOTSTRAP)
    with pytest.raises(RuntimeError, match="Flet"):
        in_our_shell(in_our_shell(BOOTSTRAP))
