"""The screen after approving: an animated tick, and one sentence on what was granted."""

import asyncio

import flet as ft

from mobile_app import routes, texts
from mobile_app.state.contexts import use_app, use_linking
from mobile_app.ui import drawings
from mobile_app.ui.buttons import primary_button, secondary_button
from mobile_app.ui.components import gap, go, screen, text, tid
from shared.wire import Authorization

Text = texts.Done


@ft.component
def Done() -> ft.View:
    """Show what is now allowed. Without a new authorization there is nothing to show, so go to the profile."""
    use_app()
    linking = use_linking()
    authorization = linking.authorization

    def leave_if_nothing() -> None:
        if authorization is None:
            ft.context.page.navigate(routes.PROFILE)

    ft.use_effect(leave_if_nothing, dependencies=[])
    if authorization is None:
        return screen(routes.DONE)
    title = Text.UPDATED if linking.was_linked else Text.TITLE
    buttons = ft.Column(
        [
            primary_button("done.linked", Text.SEE_LINKED, go(routes.LINKED)),
            secondary_button("done.profile", Text.TO_PROFILE, go(routes.PROFILE)),
        ],
        spacing=12,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return screen(
        routes.DONE,
        gap(130),
        ft.Container(DrawnTick(), alignment=ft.Alignment.CENTER),
        gap(28),
        tid("done.title", text(title, 30, bold=True, text_align=ft.TextAlign.CENTER), header=True, heading_level=1),
        gap(12),
        tid(
            "done.detail",
            text(_sentence(authorization), 16, muted=True, text_align=ft.TextAlign.CENTER),
            live_region=True,
        ),
        bottom=ft.Container(buttons, padding=ft.Padding.only(left=24, right=24, bottom=28, top=8)),
        padding=32,
    )


def _sentence(authorization: Authorization) -> str:
    name = texts.plain(authorization.business_center.name)
    return Text.sentence(name, authorization.account.handle, texts.short_list(authorization.permissions))


@ft.component
def DrawnTick() -> ft.Control:
    """A disc that grows and a tick that appears from left to right. The device animates both."""
    step, set_step = ft.use_state(0)

    async def draw() -> None:
        await asyncio.sleep(0.15)
        set_step(1)
        await asyncio.sleep(0.28)
        set_step(2)

    ft.use_effect(draw, dependencies=[])
    uncovered = ft.Container(
        ft.Stack([drawings.tick(64)], width=64, height=64),
        width=64 if step == 2 else 0,
        height=64,
        clip_behavior=ft.ClipBehavior.HARD_EDGE,
        animate=ft.Animation(420, ft.AnimationCurve.EASE_OUT_CUBIC),
        alignment=ft.Alignment.CENTER_LEFT,
    )
    disc = ft.Container(
        ft.Container(uncovered, width=64, height=64, alignment=ft.Alignment.CENTER_LEFT),
        width=112,
        height=112,
        border_radius=56,
        bgcolor="#12855B",
        alignment=ft.Alignment.CENTER,
        scale=1 if step else 0.4,
        opacity=1 if step else 0,
        animate_scale=ft.Animation(420, ft.AnimationCurve.EASE_OUT_BACK),
        animate_opacity=ft.Animation(180, ft.AnimationCurve.EASE_OUT),
    )
    return ft.Semantics(exclude_semantics=True, content=disc)
