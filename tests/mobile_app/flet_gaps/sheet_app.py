"""A small app of two screens, the first of which has a sheet with its own address."""

from typing import Any

import flet as ft

drawn: list[str] = []


def _marked(identifier: str, **more: Any) -> ft.Semantics:
    return ft.Semantics(identifier=identifier, container=True, content=ft.Button(identifier, **more))


@ft.component
def Home() -> ft.View:
    """Show a screen with a sheet that has its own address."""
    page = ft.context.page
    sheet = ft.BottomSheet(_marked("sheet"))
    ft.use_dialog(sheet if ft.use_route_location() == "/menu" else None)
    return ft.View(route="/", controls=[_marked("home", on_click=lambda: page.navigate("/menu"))])


@ft.component
def Other() -> ft.View:
    """Show a neighbour in place of the first screen, as tabs do."""
    drawn.append("other")
    return ft.View(route="/", controls=[_marked("other")])


@ft.component
def Screens() -> ft.Control:
    """Choose the screen by its address."""
    home = ft.Route(component=Home, children=[ft.Route(path="menu")])
    return ft.Router([home, ft.Route(path="other", component=Other)], manage_views=True)


async def main(page: ft.Page) -> None:
    """Show the screens."""
    page.render_views(Screens)
