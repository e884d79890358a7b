"""Pull down at the top to load again. Flet 1.0.5 has no control for it, so this one uses scroll events and drags.

Content that is longer than the screen reports a pull in its scroll events: as an overscroll on Android and in a
window, as a negative position on iOS. Shorter content does not scroll at all, so there a drag counts instead.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import flet as ft

from mobile_app import texts
from shared.languages import spoken

ENOUGH_PX: Final = 72.0
_MOST_PX: Final = 104.0
_RESISTANCE: Final = 0.55
_SIZE_PX: Final = 42
_HIDDEN_PX: Final = -_SIZE_PX - 8
_RESTING_PX: Final = 14
_LEAST_SECONDS: Final = 0.6  # a ring that only flashes looks like a fault


@ft.observable
@dataclass
class Pull:
    """How far the content is pulled down, and whether it is being loaded again."""

    load: Callable[[], Awaitable[Any]]
    px: float = 0.0
    busy: bool = False
    from_top: bool = False

    @property
    def enough(self) -> bool:
        """Whether letting go now loads again."""
        return self.px >= ENOUGH_PX

    async def refresh(self) -> None:
        """Load again while the ring turns; do nothing if it is turning already."""
        if self.busy:
            return
        self.busy = True
        try:
            await asyncio.gather(self.load(), asyncio.sleep(_LEAST_SECONDS))
        finally:
            self.busy, self.px = False, 0.0

    async def scrolled(self, event: ft.OnScrollEvent) -> None:
        """Follow content that scrolls."""
        above = event.min_scroll_extent - event.pixels
        kind = event.event_type
        if kind is ft.ScrollType.START:  # a fling that ends at the top is not a pull
            self.from_top = above >= -1
        elif kind is ft.ScrollType.OVERSCROLL and not event.velocity:
            self._pull(-(event.overscroll or 0.0))
        elif kind is ft.ScrollType.UPDATE and above > 0:
            await self._bounced(above, event.scroll_delta or 0.0)
        elif kind is ft.ScrollType.UPDATE and self.px:
            self._pull(-(event.scroll_delta or 0.0))
        elif kind is ft.ScrollType.END:
            await self.let_go()

    def start(self) -> None:
        """Begin a drag on content that does not scroll."""
        self.from_top = True

    def dragged(self, event: ft.DragUpdateEvent[Any]) -> None:
        """Follow a drag on content that does not scroll."""
        self._pull(event.primary_delta or 0.0)

    async def let_go(self) -> None:
        """Load again if the content was pulled far enough."""
        if self.enough and not self.busy:
            await self.refresh()
        elif not self.busy and self.px:
            self.px = 0.0

    def _pull(self, delta: float) -> None:
        if self.from_top and not self.busy:
            self.px = min(_MOST_PX, max(0.0, self.px + delta * _RESISTANCE))

    async def _bounced(self, above: float, delta: float) -> None:
        """Follow content that moves with the finger, as on iOS; after a long enough pull, load as it turns back."""
        if not self.from_top or self.busy:
            return
        self.px = min(_MOST_PX, above)
        if self.enough and delta < 0:
            await self.refresh()


@ft.component
def PullRing(pull: Pull) -> ft.Control:
    """Return the ring that comes down with the content: it fills during the pull and turns while loading."""
    ft.use_state(pull)
    part = min(1.0, pull.px / ENOUGH_PX)
    away = not pull.px and not pull.busy
    drawn: Any = ft.use_ref(False)  # draw nothing before the first pull; later the ring moves out as it came in
    drawn.current = drawn.current or not away
    if not drawn.current:
        return ft.Container(top=_HIDDEN_PX, left=0, right=0, opacity=0)
    top = _HIDDEN_PX if away else _RESTING_PX if pull.busy else _HIDDEN_PX + pull.px * 1.05
    ring = ft.ProgressRing(
        value=None if pull.busy else part * 0.86,
        width=20,
        height=20,
        stroke_width=2.6,
        color=ft.Colors.PRIMARY if pull.busy or pull.enough else ft.Colors.OUTLINE,
        semantics_label=spoken(texts.REFRESHING) if pull.busy else None,
    )
    disc = ft.Container(
        ring,
        width=_SIZE_PX,
        height=_SIZE_PX,
        border_radius=_SIZE_PX / 2,
        alignment=ft.Alignment.CENTER,
        bgcolor=ft.Colors.SURFACE_BRIGHT,
        shadow=ft.BoxShadow(
            blur_radius=10, color=ft.Colors.with_opacity(0.18, ft.Colors.SCRIM), offset=ft.Offset(0, 2)
        ),
        rotate=ft.Rotate(0 if pull.busy else part * 2.4),
    )
    return ft.Container(
        ft.Semantics(container=True, live_region=True, content=disc) if pull.busy else disc,
        top=top,
        left=0,
        right=0,
        alignment=ft.Alignment.CENTER,
        opacity=0 if away else 1,
        animate_position=ft.Animation(220 if away or pull.busy else 60, ft.AnimationCurve.EASE_OUT),
        animate_opacity=ft.Animation(220, ft.AnimationCurve.EASE_OUT),
    )


def with_ring(pull: Pull, content: ft.Control, safely: Callable[[Any], Any]) -> ft.Control:
    """Return the scrolling middle of a screen with the ring over it; where it does not scroll, drags count."""
    drags = ft.GestureDetector(
        content=content,
        exclude_from_semantics=True,
        on_vertical_drag_start=safely(pull.start),
        on_vertical_drag_update=safely(pull.dragged),
        on_vertical_drag_end=safely(pull.let_go),
        on_vertical_drag_cancel=safely(pull.let_go),
    )
    layers = [ft.Container(drags, left=0, top=0, right=0, bottom=0), PullRing(pull)]
    return ft.Stack(layers, expand=True, clip_behavior=ft.ClipBehavior.HARD_EDGE)
