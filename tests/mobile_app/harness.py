"""The app without a browser: a real Flet session with its real diff and serialisation, and a simulated phone.

Pinned to flet 1.0.5 like the app: the phone takes the place of Flet's web socket.
"""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import flet as ft
import msgpack
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page, context
from flet.messaging.connection import Connection
from flet.messaging.protocol import Message, MessageAction, configure_encode_object_for_msgpack
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

Main = Callable[[ft.Page], Awaitable[None]]
_PATIENCE_SECONDS = 20.0


class Phone(Connection):
    """One person's device, which shows the app, answers its calls, taps and types."""

    def __init__(self, answers: dict[str, Callable[[Any], Any]] | None = None) -> None:
        """Take the device's own answers by method name, for example `take_picture`."""
        super().__init__()
        self.loop = asyncio.get_running_loop()
        self.executor = ThreadPoolExecutor(2)
        self.pubsubhub = PubSubHub(loop=self.loop, executor=self.executor)
        self.page_url = "http://phone.test/app"
        self.crashes: list[str] = []
        self.asked: list[str] = []
        self._open_sheets: set[int] = set()
        self._answers = {"push_route": self._show, **(answers or {})}
        self._encode = configure_encode_object_for_msgpack(BaseControl)
        self._tasks: set[asyncio.Task[Any]] = set()

    async def start(self, main: Main, route: str = "/", **device: Any) -> "Phone":
        """Open the app at an address."""
        self.session = Session(self)
        self.page = self.session.page
        known = {"route": route, "web": True, "platform": "android", "width": 390, "height": 844, **device}
        self.session.apply_page_patch(known)
        self._pack(self.session.get_page_patch())
        _context_page.set(self.page)
        context.reset_auto_update()
        await main(self.page)
        await self.session.after_event(self.page)
        return self

    async def stop(self) -> None:
        """Close the app."""
        self.session.close()
        for task in self._tasks:
            task.cancel()
        self.executor.shutdown(wait=False)

    # --- the interface of a Flet connection -----------------------------------------------------

    def send_message(self, message: Message) -> None:
        """Accept what would go over the web socket; it must be serialisable."""
        self._pack([message.action, message.body])
        if message.action is MessageAction.SESSION_CRASHED:
            self.crashes.append(message.body.message)
        elif message.action is MessageAction.INVOKE_METHOD:
            self._run(self._answer(message.body))
        self._take_away_closed_sheets()

    def _pack(self, value: Any) -> None:
        msgpack.packb(value, default=self._encode)

    def _run(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, body: Any) -> None:
        self.asked.append(body.name)
        result, error = None, None
        try:
            result = self._answers.get(body.name, lambda _: None)(body.args)
            if inspect.isawaitable(result):
                result = await result
        except RuntimeError as failure:
            error = str(failure)
        self.session.handle_invoke_method_results(body.control_id, body.call_id, result, error)

    def _take_away_closed_sheets(self) -> None:
        """Report a closed sheet as dismissed once it has gone, as a phone does."""
        for sheet in self.page._dialogs.controls:
            if sheet.open:
                self._open_sheets.add(sheet._i)
            elif sheet._i in self._open_sheets:
                self._open_sheets.discard(sheet._i)
                self._run(self.session.dispatch_event(sheet._i, "dismiss", None))

    def _show(self, args: dict[str, Any]) -> None:
        self.session.apply_page_patch({"route": args["route"]})
        self._run(self.session.dispatch_event(self.page._i, "route_change", {"route": args["route"]}))

    # --- a person's eyes and fingers ------------------------------------------------------------

    def controls(self, key: str) -> list[BaseControl]:
        """Return the controls on screen with this identifier."""
        return [c for c in list(self.session.index.values()) if getattr(c, "key", None) == key]

    def shows(self, key: str) -> bool:
        """Say whether the control is on screen."""
        return bool(self.controls(key))

    def texts(self) -> list[str]:
        """Return every text on screen."""
        return [c.value for c in list(self.session.index.values()) if isinstance(c, ft.Text) and c.value]

    def text(self, key: str) -> str:
        """Return the text of one control."""
        (control,) = self.controls(key)
        value = getattr(control, "value", None)
        return str(value if value is not None else getattr(control, "content", ""))

    async def until(self, condition: Callable[[], Any], why: str = "") -> None:
        """Wait until the condition is true."""
        deadline = self.loop.time() + _PATIENCE_SECONDS
        while self.loop.time() < deadline:
            assert not self.crashes, self.crashes[0]
            if condition():
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"waited in vain for: {why or condition}; on screen at {self.page.route}: {self.texts()}")

    async def see(self, *keys: str) -> None:
        """Wait until the controls are on screen."""
        for key in keys:
            await self.until(lambda key=key: self.shows(key), key)

    async def event(self, key: str, name: str, data: Any = None) -> None:
        """Send an event to a control, once it is on screen."""
        await self.see(key)
        (control,) = self.controls(key)
        await self.session.dispatch_event(control._i, name, data)
        await asyncio.sleep(0)

    async def tap(self, key: str) -> None:
        """Tap a control, once it can be tapped."""
        await self.until(lambda: self.shows(key) and not self.controls(key)[0].disabled, f"{key}, ready to tap")
        (control,) = self.controls(key)
        met = control.controls[-1] if isinstance(control, ft.Stack) else control  # a finger hits what is on top
        await self.session.dispatch_event(met._i, "click", None)
        await asyncio.sleep(0)

    async def type(self, key: str, value: str) -> None:
        """Type into a field, replacing its content."""
        await self.see(key)
        (control,) = self.controls(key)
        self.session.apply_patch(control._i, {"value": value})
        await self.event(key, "change", value)

    async def switch(self, key: str, on: bool) -> None:
        """Move a switch."""
        await self.see(key)
        (control,) = self.controls(key)
        self.session.apply_patch(control._i, {"value": on})
        await self.event(key, "change", on)

    async def choose_picture(self, picture: bytes) -> None:
        """Choose a picture from the album."""
        await self.see("scan.album")
        (button,) = self.controls("scan.album")
        file = {"id": 1, "name": "picture.png", "size": len(picture), "bytes": picture}
        await self.session.dispatch_event(button.action.file_picker._i, "result", {"files": [file]})

    def goes_to(self, route: str) -> None:
        """Open an address in the running app, as a link or a code of another app does."""
        self._show({"route": route})

    def goes_back_to(self, route: str) -> None:
        """Simulate the browser's Back: the address changes, and the app gets the event."""
        self._show({"route": route})
