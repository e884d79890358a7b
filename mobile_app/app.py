"""The app itself: one state per person, a screen for each address, and the log-in before everything else."""

from collections.abc import Awaitable, Callable
from functools import partial

import flet as ft

from mobile_app import texts
from mobile_app.flet_gaps.reconnect import Reconnect
from mobile_app.state import session_language as languages
from mobile_app.state.app import AppState, Services
from mobile_app.state.contexts import app_context, linking_context, posts_context
from mobile_app.state.linking import LinkingState
from mobile_app.state.posting import PostsState
from mobile_app.state.session_restore import SessionRestore
from mobile_app.ui import theme
from mobile_app.views.account.inbox import Inbox
from mobile_app.views.account.log_in import LogIn
from mobile_app.views.account.profile import Profile
from mobile_app.views.account.profile_card import ProfileCard
from mobile_app.views.account.settings import Settings
from mobile_app.views.account.tabs import Home
from mobile_app.views.consent.consent import Consent
from mobile_app.views.consent.deep_link import DeepLink
from mobile_app.views.consent.done import Done
from mobile_app.views.consent.problem import Problem
from mobile_app.views.linked.business import LinkedBusiness
from mobile_app.views.linked.businesses import LinkedBusinesses
from mobile_app.views.posts.ad_settings import AdSettings
from mobile_app.views.posts.edit_post import EditPost
from mobile_app.views.posts.new_post import NewPost
from mobile_app.views.posts.post import Post
from mobile_app.views.scan.qr_code import QrCode
from mobile_app.views.scan.scan import Scan
from mobile_app.views.scan.typed_code import TypedCode

_THEMES = {"light": ft.ThemeMode.LIGHT, "dark": ft.ThemeMode.DARK, "system": ft.ThemeMode.SYSTEM}


def _routes(logged_in: bool) -> list[ft.Route]:
    """Return the screens by address; while nobody is logged in, every address but a deep link shows the log-in."""
    deep_link = ft.Route(path="l/:code", component=DeepLink)
    if not logged_in:
        return [deep_link, ft.Route(path=":rest*", component=LogIn)]
    return [
        deep_link,
        ft.Route(path="home", component=Home),
        ft.Route(path="inbox", component=Inbox),
        ft.Route(
            component=Profile,
            children=[
                ft.Route(path="menu"),
                ft.Route(
                    path="qr",
                    component=QrCode,
                    children=[
                        ft.Route(path="scan", component=Scan, children=[ft.Route(path="code", component=TypedCode)])
                    ],
                ),
                ft.Route(
                    path="linked",
                    component=LinkedBusinesses,
                    children=[
                        ft.Route(
                            path=":authorization_id",
                            component=LinkedBusiness,
                            children=[ft.Route(path="revoke"), ft.Route(path="off/:permission")],
                        )
                    ],
                ),
                ft.Route(path="new", component=NewPost, children=[ft.Route(path="discard")]),
                ft.Route(
                    path="posts/:post_id",
                    component=Post,
                    children=[
                        ft.Route(path="edit", component=EditPost),
                        ft.Route(path="delete"),
                        ft.Route(path="ads", component=AdSettings, children=[ft.Route(path="revoke")]),
                    ],
                ),
                ft.Route(path="settings", component=Settings),
                ft.Route(path="consent", component=Consent),
                ft.Route(path="done", component=Done),
                ft.Route(path="problem", component=Problem),
                ft.Route(path="u/:handle", component=ProfileCard),
            ],
        ),
        ft.Route(path=":rest*", component=Home),
    ]


@ft.component
def App(app: AppState, linking: LinkingState, posts: PostsState) -> ft.Control:
    """Choose the screens by address and by whether someone is logged in."""
    page = ft.context.page
    page.theme_mode = _THEMES.get(app.theme, ft.ThemeMode.SYSTEM)
    page.locale_configuration = languages.locale_of(app.language)
    screens = _routes(app.account is not None)
    router = partial(ft.Router, screens, manage_views=True)
    return app_context(app, lambda: linking_context(linking, lambda: posts_context(posts, router)))


def make_main(services_for: Callable[[ft.Page], Services]) -> Callable[[ft.Page], Awaitable[None]]:
    """Return the entry point that Flet calls once per person; people share no state."""

    async def main(page: ft.Page) -> None:
        page.title = texts.APP_NAME
        page.theme, page.dark_theme = theme.light(), theme.dark()
        page.window.width, page.window.height = theme.PHONE_WIDTH_PX, 900
        services = services_for(page)
        app = AppState(services)
        linking = LinkingState(app)
        page.session.store.set("app", app)
        restore = SessionRestore(app, linking, services.seal) if services.seal else None

        def redraw() -> None:
            app.returns += 1  # the root component and everything below it depend on this state
            if restore:
                restore.save_again()

        def lifecycle(event: ft.AppLifecycleStateChangeEvent) -> None:
            if event.state is ft.AppLifecycleState.RESUME:
                app.shown_count += 1

        async def closed(_event: ft.Event[ft.Page]) -> None:
            await app.client.close()

        page.on_app_lifecycle_state_change = lifecycle
        page.on_close = closed
        reconnect = Reconnect(page, lambda: page.render_views(App, app, linking, PostsState(app)), redraw)
        if restore:
            await restore.restore(services.saved_session)  # before the first drawing, so that no log-in flashes up
        await reconnect.draw()
        await app.start()
        if restore:
            restore.watch()
        reconnect.end_start()

    return main
