"""Pulling down at the top reloads, judged by what Flutter reports about a finger on each platform."""

import asyncio
from typing import Any

import flet as ft

from mobile_app.ui.pull_to_refresh import ENOUGH_PX, Pull

START, UPDATE, END, OVER = ft.ScrollType.START, ft.ScrollType.UPDATE, ft.ScrollType.END, ft.ScrollType.OVERSCROLL


class Finger:
    """A pull, the loads it causes, and a finger on the content."""

    def __init__(self) -> None:
        self.loads = 0
        self.answer = asyncio.Event()
        self.pull = Pull(self._load)

    async def _load(self) -> None:
        self.loads += 1
        await self.answer.wait()

    async def scrolls(self, kind: ft.ScrollType, at: float = 0.0, **more: Any) -> None:
        """Report a scroll at a position, as Flutter does."""
        event = ft.OnScrollEvent(
            name="scroll",
            control=ft.Column(),
            event_type=kind,
            pixels=at,
            min_scroll_extent=0.0,
            max_scroll_extent=900.0,
            viewport_dimension=600.0,
            **more,
        )
        await self.pull.scrolled(event)

    async def drags(self, by: float) -> None:
        """Drag content that does not scroll."""
        somewhere = ft.Offset(0, 0)
        self.pull.dragged(
            ft.DragUpdateEvent(
                name="drag",
                control=ft.GestureDetector(),
                local_position=somewhere,
                global_position=somewhere,
                primary_delta=by,
            )
        )

    async def ends(self, gesture: Any) -> None:
        """Wait for the end of a gesture, with the answer ready once loading has begun."""
        self.answer.set()
        await gesture
        assert (self.pull.busy, self.pull.px) == (False, 0.0)


async def test_a_long_pull_loads_once_on_android() -> None:
    """A long enough pull loads when the finger lifts, and events during the load start nothing else."""
    finger = Finger()
    await finger.scrolls(START)
    for _ in range(10):
        await finger.scrolls(OVER, overscroll=-20.0, velocity=0.0)
    assert finger.pull.enough
    assert finger.loads == 0
    released = asyncio.create_task(finger.scrolls(END))
    await asyncio.sleep(0)
    assert finger.pull.busy
    await finger.scrolls(OVER, overscroll=-20.0, velocity=0.0)
    await finger.scrolls(END)
    await finger.pull.refresh()
    assert finger.pull.busy
    await finger.ends(released)
    assert finger.loads == 1


async def test_a_short_pull_and_one_that_is_taken_back_load_nothing() -> None:
    """A pull that ends too short counts as a change of mind."""
    finger = Finger()
    await finger.scrolls(START)
    await finger.scrolls(OVER, overscroll=-40.0, velocity=0.0)
    await finger.ends(finger.scrolls(END))
    await finger.scrolls(START)
    await finger.scrolls(OVER, overscroll=-200.0, velocity=0.0)
    await finger.scrolls(UPDATE, at=160.0, scroll_delta=160.0)
    await finger.ends(finger.scrolls(END, at=160.0))
    assert finger.loads == 0


async def test_a_fling_that_arrives_at_the_top_is_not_a_pull() -> None:
    """Neither a fling's momentum nor a drag that began further down counts as a pull."""
    finger = Finger()
    await finger.scrolls(START, at=300.0)
    await finger.scrolls(OVER, overscroll=-300.0, velocity=0.0)
    await finger.scrolls(UPDATE, at=-120.0, scroll_delta=-50.0)
    await finger.ends(finger.scrolls(END))
    await finger.scrolls(START)
    await finger.scrolls(OVER, overscroll=-300.0, velocity=-900.0)
    await finger.ends(finger.scrolls(END))
    assert finger.loads == 0


async def test_far_enough_is_enough_on_ios() -> None:
    """On iOS content follows the finger and springs back: it loads once, while still pulled."""
    finger = Finger()
    finger.answer.set()
    await finger.scrolls(START)
    for at in (-20.0, -50.0, -ENOUGH_PX - 1):
        await finger.scrolls(UPDATE, at=at, scroll_delta=-25.0)
    assert finger.loads == 1
    for at in (-ENOUGH_PX - 20, -20.0, 0.0):
        await finger.scrolls(UPDATE, at=at, scroll_delta=30.0)
    await finger.ends(finger.scrolls(END))
    assert finger.loads == 1


async def test_content_that_does_not_scroll_is_dragged() -> None:
    """A short list reports only drags, not scrolls."""
    finger = Finger()
    finger.pull.start()
    await finger.drags(60.0)
    assert not finger.pull.enough
    await finger.drags(120.0)
    assert finger.pull.enough
    await finger.ends(finger.pull.let_go())
    assert finger.loads == 1


async def test_a_failed_load_leaves_no_spinner() -> None:
    """After a failed load the list can be pulled again."""

    async def fail() -> None:
        raise RuntimeError

    pull = Pull(fail, px=80.0)
    try:
        await pull.refresh()
    except RuntimeError:
        assert (pull.busy, pull.px) == (False, 0.0)
    else:
        raise AssertionError
