"""Assemble the application: routers, error handlers, middleware, mounts and lifespan. All wiring is here."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.responses import PlainTextResponse
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from server import worker
from server.ad_accounts.routes import router as ad_accounts_router
from server.auth.attempts import Attempts
from server.auth.dependencies import Db
from server.auth.passwords import PasswordChecker
from server.auth.routes import router as sessions_router
from server.authorizations import access_routes
from server.authorizations import routes as authorizations
from server.business_api.avatars import router as avatars_router
from server.business_api.calls import CallLog
from server.business_api.dispatch import BusinessApi
from server.business_api.resources import ENDPOINTS
from server.business_api.routes import router as api_access_router
from server.business_centers.live import router as live_router
from server.business_centers.routes import router as business_centers_router
from server.console import app as console
from server.database.connect import open_database
from server.demo.logins import router as demo_router
from server.demo.presenter import router as presenter_router
from server.events.stream import LiveFeed
from server.link_requests import routes as link_requests
from server.security import LinkCodes
from server.settings import Settings
from server.spark_ads import routes as spark_ads
from server.spark_codes import routes as spark_codes
from server.spark_codes.codes import SparkCodes
from server.tiktok_accounts.media import MediaLinks
from server.tiktok_accounts.routes import router as profiles_router
from server.web import errors, metrics
from server.web.openapi import complete as complete_openapi
from server.web.outermost import Outermost
from shared import wire

BODY_LIMIT_BYTES: Final = 64 * 1024  # routes that take a file set their own
# Routes are tried in order. A handshake's routes come first, which saves 2 to 4 % of its CPU time.
API_ROUTERS: Final = (
    sessions_router,
    link_requests.owner_router,
    authorizations.owner_router,
    link_requests.member_router,
    authorizations.member_router,
    profiles_router,
    spark_codes.owner_router,
    spark_ads.owner_router,
    business_centers_router,
    ad_accounts_router,
    spark_codes.member_router,
    spark_ads.member_router,
    access_routes.router,
    access_routes.people_router,
    live_router,
    api_access_router,
    demo_router,
)


@dataclass(frozen=True, slots=True)
class Companion:
    """The companion app's web client, which the caller of `create_app` passes in."""

    asgi: ASGIApp
    lifespan: AbstractAsyncContextManager[object] = field(default_factory=contextlib.nullcontext)


class Application(FastAPI):
    """FastAPI inside our outermost layer, with a completed description of the API."""

    def __init__(self, settings: Settings, **options: Any) -> None:
        """Take the settings and FastAPI's own options."""
        super().__init__(**options)
        # A demo over the network uses a certificate of its own, so it must not promise HTTPS for two years.
        secure = settings.secure_cookies and not settings.over_lan
        self.outermost = Outermost(super().__call__, settings.secure_cookies, secure, settings.demo)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, a websocket or the lifespan."""
        await self.outermost(scope, receive, send)

    def openapi(self) -> dict[str, Any]:
        """Return the description of the API."""
        if self.openapi_schema is None:
            self.openapi_schema = complete_openapi(self)
        return self.openapi_schema


def create_app(settings: Settings, companion: Companion | None = None) -> Application:
    """Return the application: `/` console, `/app` companion app, `/api/v1` API, `/l` landing page.

    The database must already be migrated. The application opens it on startup.
    """
    routes: list[BaseRoute] = [BusinessApi(ENDPOINTS)]
    if companion is not None:
        routes.append(Mount("/app", companion.asgi))
    app = Application(
        settings,
        title="Sparklink",
        version=_version(),
        lifespan=_lifespan(settings, companion),
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # its assets come from a CDN; the console has the reference at /docs
        redoc_url=None,
        redirect_slashes=False,  # a redirect would carry whatever Host the caller sent
        routes=routes,
        middleware=[Middleware(RequestBodyLimitMiddleware, max_body_size=BODY_LIMIT_BYTES)],
        telemetry={"tracing": False, "metrics": False, "logs": False},  # we have our own; FastAPI's slows every request
    )
    app.state.settings = settings
    app.state.link_codes = LinkCodes(settings.link_code_secret, settings.origin)
    app.state.spark_codes = SparkCodes(settings.link_code_secret)
    app.state.media_links = MediaLinks(settings.link_code_secret)
    app.state.attempts = Attempts()
    app.state.passwords = PasswordChecker()
    app.state.feed = LiveFeed()
    app.state.call_log = CallLog()
    for router in API_ROUTERS:
        app.include_router(router, prefix="/api/v1")
    app.include_router(_operations())
    app.include_router(avatars_router)
    console.install(app)
    if settings.demo:
        app.include_router(presenter_router)
    errors.install(app, console.render_problem)
    return app


def _operations() -> APIRouter:
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/healthz", health, methods=["GET"])
    router.add_api_route("/metrics", metrics.get_metrics, methods=["GET"])
    return router


async def health(database: Db) -> PlainTextResponse:
    """Answer `ok` if the database responds, otherwise 503."""
    await database.read(lambda connection: connection.exec_driver_sql("SELECT 1").scalar_one())
    return PlainTextResponse("ok")


def _lifespan(
    settings: Settings, companion: Companion | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database = open_database(settings.resolved_database_url)
        feed: LiveFeed = app.state.feed

        def after_commit(events: Sequence[wire.EventRow]) -> None:
            metrics.count(events)
            feed.publish(events)

        database.after_commit = after_commit
        app.state.database = database
        call_log: CallLog = app.state.call_log
        ticking = asyncio.create_task(worker.run(database, feed, call_log))
        try:
            async with companion.lifespan if companion else contextlib.nullcontext():
                yield
        finally:
            feed.close()
            ticking.cancel()
            await asyncio.gather(ticking, return_exceptions=True)
            app.state.passwords.close()
            await call_log.flush(database)
            await database.close()

    return lifespan


def _version() -> str:
    try:
        return version("sparklink")
    except PackageNotFoundError:
        return "0"
