"""Keep the consent screen in step with its request: open it after the log-in, and follow it until it ends."""

import asyncio

import flet as ft

from mobile_app import routes, texts
from mobile_app.state.contexts import use_once
from mobile_app.state.linking import LinkingState
from mobile_app.ui.components import safely

FOLLOW_SECONDS = 2.0


def keep_in_step(linking: LinkingState) -> None:
    """Open a waiting request and follow the one on screen while the calling component is mounted."""
    preview = linking.preview
    watching: list[asyncio.Future[None]] = use_once(list)
    _, set_left = ft.use_state("")  # the last card shows the time left, which keeps changing

    async def follow() -> None:
        """Show promptly that the request has ended: cancelled, expired, or decided on another device."""
        page = ft.context.page
        while preview is not None and linking.preview is preview:
            await asyncio.sleep(FOLLOW_SECONDS)
            set_left(texts.Times.left(preview.expires_at))
            if page.route == routes.CONSENT and (route := await linking.look_again()) != routes.CONSENT:
                page.navigate(route)

    def begin() -> None:
        watching[:] = [asyncio.ensure_future(safely(follow)())]

    def end() -> None:
        while watching:
            watching.pop().cancel()

    ft.use_effect(safely(lambda: _open_waiting(linking)), dependencies=[])
    ft.use_effect(begin, dependencies=[preview and preview.consent_hash], cleanup=end)


async def _open_waiting(linking: LinkingState) -> None:
    page = ft.context.page
    if linking.preview is None and linking.code:
        route = await linking.open(linking.code)
        if route != routes.CONSENT:
            page.navigate(route)
    elif linking.preview is None:
        page.navigate(routes.PROFILE)
