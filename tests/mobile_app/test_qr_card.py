"""The picture that "Save image" saves."""

import pytest

from mobile_app.scanner import scan_image
from mobile_app.ui import qr_card, theme
from shared.qr import format_profile
from shared.wire import Account


@pytest.mark.parametrize("hue", theme.QR_HUES)
def test_the_saved_picture_is_readable_on_every_colour(hue: int) -> None:
    """A scanner finds the account's link in the picture."""
    account = Account(account_id="1", handle="mia.bakes", display_name="Mia Bakes", avatar_hue=18)
    link = format_profile("https://link.example.test", account.handle)
    assert [code.text for code in scan_image(qr_card.draw(account, link, hue))] == [link]
