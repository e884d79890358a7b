"""An error: what happened, what to do next, and one button. It is a screen, or a panel in another screen."""

import flet as ft

from mobile_app import routes, texts
from mobile_app.state.app import AppState
from mobile_app.state.contexts import use_app, use_linking
from mobile_app.state.notices import Notice
from mobile_app.ui.buttons import icon_button, primary_button, quiet_button
from mobile_app.ui.components import Handler, gap, go, screen, text, tid, top_bar


@ft.component
def Problem() -> ft.View:
    """Show the latest message. Without one, go to the current request, if any, or to the profile."""
    app, linking = use_app(), use_linking()
    notice = app.notice

    def leave_if_nothing() -> None:
        if notice is None:
            ft.context.page.navigate(routes.CONSENT if linking.code else routes.PROFILE)

    ft.use_effect(leave_if_nothing, dependencies=[])
    if notice is None:
        return screen(routes.PROBLEM)

    async def act() -> None:
        route = await notice.again() if notice.again else notice.route
        ft.context.page.navigate(route or routes.PROFILE)

    close = icon_button("problem.close", ft.Icons.CLOSE_ROUNDED, texts.CLOSE, go(routes.PROFILE))
    buttons: list[ft.Control] = [primary_button("problem.action", notice.action, act)]
    if notice.again or notice.route != routes.PROFILE:
        buttons.append(quiet_button("problem.profile", texts.Problems.TO_PROFILE, go(routes.PROFILE)))
    return screen(
        routes.PROBLEM,
        gap(92),
        tid("problem.title", text(notice.title, 28, bold=True), header=True, heading_level=1),
        gap(14),
        tid("problem.detail", text(notice.detail, 17, muted=True), live_region=True),
        bar=top_bar(leading=close),
        bottom=ft.Container(
            ft.Column(buttons, spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
            padding=ft.Padding.only(left=24, right=24, bottom=28, top=8),
        ),
        padding=28,
    )


def trouble_panel(app: AppState) -> ft.Control:
    """Show why something failed to load, in its place."""
    notice = app.trouble
    assert notice is not None
    return notice_panel(notice, lambda: _repeat(notice))


async def _repeat(notice: Notice) -> None:
    if notice.again:
        await notice.again()
    else:
        ft.context.page.navigate(notice.route)


def notice_panel(notice: Notice, act: Handler) -> ft.Control:
    """Return a message with its one button, centred."""
    return ft.Container(
        ft.Column(
            [
                tid(
                    "problem.title",
                    text(notice.title, 20, bold=True, text_align=ft.TextAlign.CENTER),
                    header=True,
                    heading_level=2,
                ),
                tid("problem.detail", text(notice.detail, 15, muted=True, text_align=ft.TextAlign.CENTER)),
                gap(6),
                primary_button("problem.action", notice.action, act),
            ],
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            spacing=10,
        ),
        padding=ft.Padding.symmetric(horizontal=32, vertical=64),
    )
