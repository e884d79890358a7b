"""Where a component finds the state of the person it is drawn for."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import flet as ft

from mobile_app.state.app import AppState
from mobile_app.state.linking import LinkingState
from mobile_app.state.posting import PostsState

T = TypeVar("T")

app_context: ft.ContextProvider[AppState | None] = ft.create_context(None)
linking_context: ft.ContextProvider[LinkingState | None] = ft.create_context(None)
posts_context: ft.ContextProvider[PostsState | None] = ft.create_context(None)


def _use(context: ft.ContextProvider[T | None]) -> T:
    state = ft.use_context(context)
    assert state is not None
    ft.use_state(state)
    return state


def use_app() -> AppState:
    """Return the app's state; the calling component is drawn again when it changes."""
    return _use(app_context)


def use_linking() -> LinkingState:
    """Return the state of the request in hand; the calling component is drawn again when it changes."""
    return _use(linking_context)


def use_posts() -> PostsState:
    """Return the state of the owner's posts; the calling component is drawn again when it changes."""
    return _use(posts_context)


def use_once(make: Callable[[], T]) -> T:
    """Return what `make` returned when the calling component was first drawn."""
    kept: Any = ft.use_ref(None)
    if kept.current is None:
        kept.current = make()
    return cast(T, kept.current)
