"""The ad settings of one post: whether businesses may use it with a Spark code, for how long, and the code."""

from collections.abc import Callable

import flet as ft

from mobile_app import routes, texts
from mobile_app.state.contexts import use_posts
from mobile_app.state.posting import DAYS, PostsState, pausing
from mobile_app.ui.buttons import back_button, primary_button, quiet_button, secondary_button
from mobile_app.ui.components import (
    SWITCH_SPACE,
    gap,
    go,
    heading,
    named,
    safely,
    screen,
    spinner,
    text,
    tid,
    toast,
    top_bar,
)
from mobile_app.ui.sheets import back_to, sheet
from mobile_app.views.consent.cards import card
from mobile_app.views.posts.post_parts import error_line, pausing_rows
from shared.wire import OwnPost, SparkCode, SparkCodeState

Text = texts.SparkCodes
_DEFAULT_DAYS = 30


@ft.component
def AdSettings() -> ft.View:
    """Show the switch and, if it is on, the code or the form that makes one."""
    posts = use_posts()
    post_id = ft.use_route_params().get("post_id", "")
    wanted, set_wanted = ft.use_state(False)
    days, set_days = ft.use_state(_DEFAULT_DAYS)
    shown = posts.find(post_id)
    asking = ft.use_route_location() == routes.revoke_code(post_id)
    ft.use_dialog(_revoke_sheet(posts, shown, set_wanted) if shown and shown.spark_code and asking else None)
    bar = top_bar(Text.TITLE, leading=back_button(routes.post(post_id), "ads.back"))
    if shown is None:
        return screen(routes.ad_settings(post_id), spinner(), bar=bar)
    code = shown.spark_code
    refusal = Text.ADS_ONLY if shown.post.ads_only else Text.PRIVATE if shown.post.private else ""

    def switch(event: ft.Event[ft.Switch]) -> None:
        if code is not None and not event.control.value:
            ft.context.page.navigate(routes.revoke_code(post_id))
        else:
            set_wanted(bool(event.control.value))

    on = (code is not None or wanted) and not (refusal and code is None)
    content = [_switch(on, switch, refused=bool(refusal) and code is None)]
    if refusal:
        content += [gap(14), card(tid("ads.refused", text(refusal, 15)))]
    if code is not None and code.state is SparkCodeState.ACTIVE:
        content += _code(code)
    elif on and not refusal:
        content += _new_code(posts, post_id, days, set_days, expired=code is not None)
    return screen(routes.ad_settings(post_id), gap(12), *content, error_line(posts.error), gap(24), bar=bar)


def _switch(on: bool, on_change: Callable[[ft.Event[ft.Switch]], None], *, refused: bool) -> ft.Control:
    switch = ft.Switch(
        padding=SWITCH_SPACE,
        value=on,
        disabled=refused,
        on_change=safely(on_change),
        active_color=ft.Colors.ON_SECONDARY,
        active_track_color=ft.Colors.SECONDARY,
    )
    words = ft.Column(
        [text(Text.SWITCH, 17, bold=True), text(Text.SWITCH_TEXT, 14, muted=True)], spacing=4, expand=True
    )
    return ft.Row(
        [words, named("ads.switch", switch, Text.SWITCH)],
        spacing=14,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _new_code(
    posts: PostsState, post_id: str, days: int, set_days: Callable[[int], None], *, expired: bool
) -> list[ft.Control]:
    async def make() -> None:
        await posts.make_code(post_id, days)

    def choice(value: int) -> ft.Control:
        here = value == days
        box = ft.Container(
            text(
                Text.days(value),
                15,
                bold=here,
                color=ft.Colors.ON_PRIMARY_CONTAINER if here else ft.Colors.ON_SURFACE,
            ),
            padding=ft.Padding.symmetric(horizontal=6, vertical=13),
            alignment=ft.Alignment.CENTER,
            border_radius=12,
            ink=True,
            bgcolor=ft.Colors.PRIMARY_CONTAINER if here else ft.Colors.SURFACE,
            border=ft.Border.all(1.2, ft.Colors.PRIMARY if here else ft.Colors.OUTLINE_VARIANT),
            on_click=lambda: set_days(value),
        )
        return ft.Container(tid(f"ads.days.{value}", box, checked=here), expand=True)

    label = Text.GENERATING if posts.busy else Text.GENERATE
    return [
        *([gap(14), card(tid("ads.expired", text(Text.EXPIRED, 15)))] if expired else []),
        gap(22),
        heading(Text.HOW_LONG, 16),
        gap(10),
        ft.Row([choice(value) for value in DAYS[:2]], spacing=10),
        gap(10),
        ft.Row([choice(value) for value in DAYS[2:]], spacing=10),
        gap(20),
        primary_button("ads.generate", label, make, disabled=posts.busy),
        gap(16),
        text(Text.ALLOWS_TEXT, 14, muted=True),
    ]


def _code(code: SparkCode) -> list[ft.Control]:
    async def copy() -> None:
        await ft.Clipboard().set(code.code)
        toast(Text.COPIED)

    until = Text.until(texts.Times.date(code.expires_at), texts.Times.left(code.expires_at))
    shown = text(code.code, 15, selectable=True, rtl=False)
    return [
        gap(20),
        card(
            text(Text.CODE, 14, muted=True, bold=True),
            tid("ads.code", shown, code.code, exclude_semantics=True),
            gap(2),
            primary_button("ads.copy", Text.COPY, copy),
            tid("ads.until", text(until, 14, muted=True)),
        ),
        gap(14),
        card(text(Text.ALLOWS, 15, bold=True), text(Text.ALLOWS_TEXT, 14, muted=True)),
        gap(18),
        secondary_button("ads.revoke", Text.REVOKE, go(routes.revoke_code(code.post_id))),
    ]


def _revoke_sheet(posts: PostsState, shown: OwnPost, set_wanted: Callable[[bool], None]) -> ft.BottomSheet:
    post_id = shown.post.post_id
    up = routes.ad_settings(post_id)

    async def revoke() -> None:
        if await posts.revoke_code(post_id):
            set_wanted(False)
            ft.context.page.navigate(up)
            toast(Text.REVOKED)

    def still_there() -> bool:
        now = posts.find(post_id)
        return not posts.busy and now is not None and now.spark_code is not None

    return sheet(
        heading(Text.REVOKE_QUESTION, 21),
        gap(12),
        text(Text.REVOKE_TEXT, 15),
        gap(12),
        *pausing_rows(pausing(shown.used_by, by_code=True), texts.Posts.PAUSES_NOTHING),
        error_line(posts.error),
        gap(18),
        primary_button("ads.revoke.confirm", Text.REVOKE, revoke, disabled=posts.busy),
        gap(8),
        quiet_button("ads.revoke.cancel", Text.KEEP, go(up)),
        on_close=back_to(routes.revoke_code(post_id), up, still_there),
    )
