"""A picture to post, drawn here so that nobody owns it."""

from pathlib import Path

from PIL import Image, ImageDraw


def draw_picture(path: Path) -> Path:
    """Draw a picture, write it as JPEG, and return the path."""
    image = Image.new("RGB", (900, 1200), "#F0D9B5")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 820, 900, 1200), fill="#8A5A33")
    draw.ellipse((150, 420, 750, 900), fill="#B5672B")
    for x in (280, 420, 560):
        draw.line((x, 520, x + 70, 640), fill="#F3C98B", width=26)
    image.save(path, "JPEG", quality=90)
    return path
