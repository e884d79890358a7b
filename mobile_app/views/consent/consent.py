"""The consent screen: who wants what, and do you allow it?"""

import asyncio
from contextlib import suppress

import flet as ft

from mobile_app import routes, texts
from mobile_app.state.contexts import use_app, use_linking, use_once
from mobile_app.state.linking import LinkingState
from mobile_app.ui.buttons import equal_button, icon_button, primary_button
from mobile_app.ui.components import (
    SWITCH_SPACE,
    gap,
    go,
    hairline,
    named,
    safely,
    screen,
    spinner,
    text,
    tid,
    top_bar,
)
from mobile_app.views.consent.cards import changes_card, level_card, message_card, pill, until_card, who
from mobile_app.views.consent.follow_request import keep_in_step
from shared.languages import gettext
from shared.permissions import NEW_VIDEOS_TITLE, PERMISSIONS
from shared.wire import ShownPermission

Text = texts.Consent
INERT_SECONDS = 1.0


@ft.component
def Consent() -> ft.View:
    """Show the current request. A code that waited for the log-in opens first."""
    app, linking = use_app(), use_linking()
    close = icon_button("consent.close", ft.Icons.CLOSE_ROUNDED, texts.CLOSE, go(routes.PROFILE))
    bar = top_bar(Text.TITLE, leading=close)
    preview = linking.preview
    keep_in_step(linking)
    if preview is None:
        return screen(routes.CONSENT, gap(160), spinner(texts.Scan.OPENING), bar=bar)
    rows: list[ft.Control] = []
    for shown in preview.permissions:
        rows += [_permission(shown, linking), hairline()]
    return screen(
        routes.CONSENT,
        _banner(linking.banner),
        gap(8),
        *who(preview),
        gap(4),
        *message_card(preview),
        *changes_card(preview),
        gap(18),
        level_card(preview),
        gap(6),
        *rows,
        gap(18),
        until_card(preview),
        gap(24),
        bar=bar,
        bottom=Decision(linking, f"{preview.consent_hash}{app.shown_count}"),
    )


def _banner(message: str) -> ft.Control:
    if not message:
        return gap(0)
    return ft.Container(
        tid("consent.notice", text(message, 14, color=ft.Colors.ON_TERTIARY_CONTAINER), live_region=True),
        bgcolor=ft.Colors.TERTIARY_CONTAINER,
        border_radius=12,
        padding=14,
        margin=ft.Margin.only(bottom=12),
    )


def _permission(shown: ShownPermission, linking: LinkingState) -> ft.Control:
    """Return one permission: its title, its consequence and the switch that grants it."""
    info = PERMISSIONS[shown.value]
    title, _, mode = shown.title.partition(f"{gettext(NEW_VIDEOS_TITLE)}: ")
    on = shown.value in linking.chosen
    pills = []
    if shown.recommended:
        pills.append(pill(Text.RECOMMENDED, ft.Colors.SECONDARY_CONTAINER, ft.Colors.ON_SECONDARY_CONTAINER))
    if info.exclusive:
        pills.append(pill(Text.EXCLUSIVE, ft.Colors.TERTIARY_CONTAINER, ft.Colors.ON_TERTIARY_CONTAINER))
    if linking.preview and linking.preview.already_linked:
        added = shown.change == "added"
        pills.append(
            pill(Text.NEW, ft.Colors.PRIMARY_CONTAINER, ft.Colors.ON_PRIMARY_CONTAINER)
            if added
            else pill(Text.KEPT, ft.Colors.SURFACE_CONTAINER_HIGH, ft.Colors.ON_SURFACE_VARIANT)
        )
    words: list[ft.Control] = [text(NEW_VIDEOS_TITLE if mode else title, 16, bold=True)]
    if mode:
        words.append(text(mode, 15, bold=True, muted=True))
    if pills:
        words.append(ft.Row(pills, spacing=6, wrap=True, run_spacing=4))
    words.append(text(shown.consequence, 14, muted=True))
    if shown.unavailable_reason:
        words.append(text(shown.unavailable_reason, 14, color=ft.Colors.ERROR))
    switch = ft.Switch(
        padding=SWITCH_SPACE,
        active_track_color=ft.Colors.SECONDARY,
        active_color=ft.Colors.ON_SECONDARY,
        value=on,
        on_change=safely(lambda e: linking.choose(shown.value, bool(e.control.value))),
        disabled=linking.deciding or shown.unavailable_reason is not None,
    )
    row = ft.Container(
        ft.Row(
            [
                ft.Column(words, spacing=5, expand=True),
                named(f"consent.switch.{shown.value.value}", switch, shown.title),
            ],
            spacing=14,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        padding=ft.Padding.symmetric(vertical=16),
    )
    return ft.Semantics(container=True, content=row)


@ft.component
def Decision(linking: LinkingState, shown: str) -> ft.Control:
    """Two equal buttons. Approve does nothing for the first second after the request came into view.

    Decline gets the focus after that second too: the Enter key that sent a typed code may still be down.
    """
    declines: ft.Ref[ft.FilledButton] = use_once(ft.Ref[ft.FilledButton])
    armed_for, set_armed_for = ft.use_state("")

    async def arm() -> None:
        await asyncio.sleep(INERT_SECONDS)
        set_armed_for(shown)
        if declines.current is not None:
            with suppress(RuntimeError, TimeoutError):  # the screen was closed in the meantime
                await declines.current.focus()

    async def approve() -> None:
        ft.context.page.navigate(await linking.approve())

    async def decline() -> None:
        ft.context.page.navigate(await linking.decline())

    ft.use_effect(arm, dependencies=[shown])
    ready = armed_for == shown and bool(linking.chosen) and not linking.deciding
    warning = Text.UNEXPECTED if linking.chosen else Text.NOTHING_CHOSEN
    buttons = ft.Row(
        [
            ft.Container(
                equal_button("consent.decline", Text.DECLINE, decline, disabled=linking.deciding, ref=declines),
                expand=True,
            ),
            ft.Container(primary_button("consent.approve", Text.APPROVE, approve, disabled=not ready), expand=True),
        ],
        spacing=12,
    )
    column = ft.Column(
        [tid("consent.warning", text(warning, 14, bold=True, text_align=ft.TextAlign.CENTER)), buttons],
        spacing=12,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    padded = ft.Container(column, padding=ft.Padding.only(left=20, right=20, top=12, bottom=20))
    return ft.Column([hairline(), padded], spacing=0)
