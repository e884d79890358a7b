"""The consent screen in step with its request: opened if it waited for the log-in, and followed until it is over."""

import asyncio

import flet as ft

from mobile_app import routes, texts
from mobile_app.state.contexts import use_once
from mobile_app.state.linking import LinkingState
from mobile_app.ui.components import safely

FOLLOW_SECONDS = 2.0


def keep_in_step(linking: LinkingState) -> None:
    """Open the request that waits and follow the one that is shown, as long as the calling component is there."""
    preview = linking.preview
    watching: list[asyncio.Future[None]] = use_once(list)
    _, set_left = ft.use_state("")  # the time that is left stands in the card at the end, and goes on

    async def follow() -> None:
        """Show at once when the request is over: cancelled, expired, or decided on another device."""
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
