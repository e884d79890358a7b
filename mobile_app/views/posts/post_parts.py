"""Parts that the screens about posts share: pictures, the ads that use a post, who may see it."""

from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

import flet as ft

from mobile_app import texts
from mobile_app.state.app import AppState
from mobile_app.ui import drawings
from mobile_app.ui.components import gap, heading, text, tid
from mobile_app.views.consent.cards import pill
from shared.wire import AdOfAccount, Paused, Post

Text = texts.Posts


def address(app: AppState, path: str) -> str:
    """Return a picture's URL: on the web it is on the page's own host, because a page loads no other host's."""
    page = ft.context.page
    here, server = urlsplit(page.url or ""), urlsplit(app.base_url)
    if not page.web or not here.netloc or here.netloc == server.netloc:
        return app.base_url + path
    scheme = "https" if here.scheme in ("https", "wss") else "http"
    return urlunsplit((scheme, here.netloc, "", "", "")) + path


def cover(app: AppState, post: Post, width: float) -> ft.Control:
    """Return a post's cover at 3:4: its picture, or a drawing if it has none."""
    drawn = drawings.cover(post, width)
    if post.cover_url is None:
        return drawn
    return ft.Image(
        src=address(app, post.cover_url),
        width=width,
        height=width * 4 / 3,
        fit=ft.BoxFit.COVER,
        gapless_playback=True,
        error_content=drawn,
        exclude_from_semantics=True,
    )


def is_video(post: Post) -> bool:
    """Return whether the post is a video. One without a stored file is a drawn video of the demo."""
    return post.content_type is None or post.content_type.startswith("video/")


def ad_state(ad: AdOfAccount) -> ft.Control:
    """Return a small label that says whether an ad is running."""
    if ad.status == "running":
        return pill(Text.RUNNING, ft.Colors.SECONDARY_CONTAINER, ft.Colors.ON_SECONDARY_CONTAINER)
    return pill(Text.PAUSED, ft.Colors.SURFACE_CONTAINER_HIGHEST, ft.Colors.ON_SURFACE_VARIANT)


def why_paused(paused: Paused) -> str:
    """Tell the owner why an ad is paused."""
    return Text.REASONS.get(paused.reason, paused.text)


def ad_row(ad: AdOfAccount) -> ft.Control:
    """Return one ad that uses a post: who runs it, its name, whether it is running, and if not, why."""
    words: list[ft.Control] = [
        text(texts.plain(ad.name), 16, bold=True),
        text(texts.plain(ad.business_center.name), 14, muted=True),
        text(Text.BY_CODE if ad.by_spark_code else Text.BY_LINK, 13, muted=True),
    ]
    if ad.paused is not None:
        words.append(text(why_paused(ad.paused), 14))
    row = ft.Row(
        [drawings.business(ad.business_center, 44), ft.Column(words, spacing=2, expand=True), ad_state(ad)],
        spacing=14,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    return tid(f"post.ad.{ad.ad_id}", ft.Container(row, padding=ft.Padding.symmetric(vertical=12)))


def pausing_rows(ads: list[AdOfAccount], nothing: str) -> list[ft.Control]:
    """Return a sheet's list of the running ads that pause, or `nothing` if none does."""
    if not ads:
        return [text(nothing, 15, muted=True)]
    rows = [
        ft.Container(
            ft.Row(
                [
                    ft.Icon(ft.Icons.PAUSE_CIRCLE_OUTLINE_ROUNDED, size=20, color=ft.Colors.ERROR),
                    text(Text.of(texts.plain(ad.name), texts.plain(ad.business_center.name)), 15, expand=True),
                ],
                spacing=12,
                vertical_alignment=ft.CrossAxisAlignment.START,
            ),
            padding=ft.Padding.symmetric(vertical=5),
        )
        for ad in ads
    ]
    return [text(Text.PAUSES, 15, muted=True), gap(4), *rows]


def who_sees(private: bool, on_change: Callable[[bool], None]) -> ft.Control:
    """Return the choice between everyone and only you, with what each means."""

    def choice(identifier: str, icon: ft.IconData, title: str, detail: str, value: bool) -> ft.Control:
        here = value is private
        mark = ft.Icons.RADIO_BUTTON_CHECKED_ROUNDED if here else ft.Icons.RADIO_BUTTON_OFF_ROUNDED
        row = ft.Container(
            ft.Row(
                [
                    ft.Icon(icon, size=22, color=ft.Colors.ON_SURFACE_VARIANT),
                    ft.Column([text(title, 16, bold=here), text(detail, 13, muted=True)], spacing=2, expand=True),
                    ft.Icon(mark, size=22, color=ft.Colors.PRIMARY if here else ft.Colors.OUTLINE),
                ],
                spacing=14,
            ),
            padding=ft.Padding.symmetric(vertical=10),
            on_click=lambda: on_change(value),
            ink=True,
            border_radius=10,
        )
        return tid(identifier, row, checked=here)

    return ft.Column(
        [
            heading(Text.WHO, 16),
            gap(2),
            choice("post.everyone", ft.Icons.PUBLIC_ROUNDED, Text.EVERYONE, Text.EVERYONE_TEXT, False),
            choice("post.only-you", ft.Icons.LOCK_OUTLINE_ROUNDED, Text.ONLY_YOU, Text.ONLY_YOU_TEXT, True),
        ],
        spacing=0,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def caption_counter(caption: str, limit: int) -> ft.Control:
    """Return the count of a caption's characters, red beyond the limit."""
    length = len(caption.strip())
    color = ft.Colors.ERROR if length > limit else ft.Colors.ON_SURFACE_VARIANT
    return ft.Container(
        text(Text.counter(length, limit), 13, color=color), alignment=ft.Alignment.CENTER_RIGHT, padding=4
    )


def error_line(error: str) -> ft.Control:
    """Return a line that says what went wrong, which screen readers announce; nothing without an error."""
    if not error:
        return gap(0)
    row = ft.Row(
        [
            ft.Icon(ft.Icons.ERROR_OUTLINE_ROUNDED, size=20, color=ft.Colors.ERROR),
            ft.Container(tid("post.error", text(error, 14, color=ft.Colors.ERROR), live_region=True), expand=True),
        ],
        spacing=10,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    return ft.Container(row, padding=ft.Padding.symmetric(vertical=10))


def bottom(*controls: ft.Control) -> ft.Control:
    """Return the buttons that stay at the bottom of a form."""
    return ft.Container(
        ft.Column(list(controls), spacing=6, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        padding=ft.Padding.only(left=20, right=20, top=8, bottom=20),
    )
