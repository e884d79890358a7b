"""Another account's profile card, opened by its profile code. It requests nothing."""

import flet as ft

from mobile_app import routes, texts
from mobile_app.state.contexts import use_app
from mobile_app.ui.buttons import back_button, secondary_button
from mobile_app.ui.components import gap, go, screen, spinner, text, top_bar
from mobile_app.views.account.profile_parts import head, posts_grid
from mobile_app.views.consent.problem import trouble_panel

Text = texts.Profile


@ft.component
def ProfileCard() -> ft.View:
    """Show the card of the account in the address."""
    app = use_app()
    handle = ft.use_route_params().get("handle", "")

    async def load() -> None:
        await app.load_card(handle)

    ft.use_effect(load, dependencies=[handle])
    route = routes.card(handle)
    bar = top_bar(f"@{handle}", leading=back_button(routes.PROFILE, "card.back"))
    profile = app.card
    if profile is None or profile.handle != handle:
        return screen(route, trouble_panel(app) if app.trouble else spinner(), bar=bar)
    own = app.account is not None and app.account.handle == profile.handle
    note = text(Text.THIS_IS_YOU if own else Text.CARD_NOTE, 14, muted=True, text_align=ft.TextAlign.CENTER)
    return screen(
        route,
        *head(profile),
        gap(14),
        text(texts.isolated(profile.bio), 14, text_align=ft.TextAlign.CENTER) if profile.bio else gap(0),
        gap(14),
        ft.Container(note, padding=ft.Padding.symmetric(horizontal=32)),
        gap(14),
        ft.Container(
            secondary_button("card.scan", Text.SCAN_ANOTHER, go(routes.SCAN)),
            padding=ft.Padding.symmetric(horizontal=32),
        ),
        gap(18),
        posts_grid(app, [post for post in profile.posts if not post.private]),
        bar=bar,
        padding=0,
    )
