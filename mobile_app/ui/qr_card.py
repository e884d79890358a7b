"""The picture that "Save image" saves: the account's code on its colour, ready to print or send."""

import io
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from mobile_app import texts
from mobile_app.ui import theme
from shared.qr import draw_png
from shared.wire import Account

WIDTH_PX: Final = 1080
HEIGHT_PX: Final = 1440
CODE_PX: Final = 640


def draw(account: Account, link: str, hue: int) -> bytes:
    """Draw the card as a PNG, 1080 by 1440 pixels. Slow (about 0.1 s): call it in a thread."""
    first, second = theme.qr_background(hue)
    image = Image.linear_gradient("L").resize((WIDTH_PX, HEIGHT_PX))
    colour = Image.composite(Image.new("RGB", image.size, second), Image.new("RGB", image.size, first), image)
    pen = ImageDraw.Draw(colour)
    pen.rounded_rectangle((120, 250, 960, 1230), radius=80, fill="#FFFFFF")
    avatar, _ = theme.avatar_colors(account)
    pen.ellipse((420, 130, 660, 370), fill="#FFFFFF")
    pen.ellipse((432, 142, 648, 358), fill=avatar)
    initial = account.display_name[:1].upper()
    pen.text((540, 250), initial, fill="#FFFFFF", font=ImageFont.load_default(110), anchor="mm")
    pen.text((540, 430), f"@{account.handle}", fill=theme.INK, font=ImageFont.load_default(52), anchor="mm")
    code = Image.open(io.BytesIO(draw_png(link, 1))).convert("RGB")
    side = code.width * max(1, CODE_PX // code.width)  # whole pixels per module
    code = code.resize((side, side), Image.Resampling.NEAREST)
    colour.paste(code, ((WIDTH_PX - side) // 2, 490))
    pen.text((540, 1175), texts.APP_NAME, fill="#5B606B", font=ImageFont.load_default(36), anchor="mm")
    out = io.BytesIO()
    colour.save(out, "PNG")
    return out.getvalue()
