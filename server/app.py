"""The only wiring: routers, error handlers, middleware, mounts and the lifespan of one application."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from fastapi import APIRouter, FastAPI
from fastapi.responses import PlainTextResponse
from starlette.types import ASGIApp

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
from server.routing import RouteIndex, include
from server.security import LinkCodes
from server.settings import Settings
from server.spark_ads import routes as spark_ads
from server.spark_codes import routes as spark_codes
from server.spark_codes.codes import SparkCodes
from server.tiktok_accounts.media import MediaLinks
from server.tiktok_accounts.routes import router as profiles_router
from server.web import errors, languages, metrics, openapi
from server.web import headers as http
from server.web.head_requests import HeadRequests
from shared import wire

API_ROUTERS: Final = (
    sessions_router,
    link_requests.owner_router,
    authorizations.owner_router,
    profiles_router,
    spark_codes.owner_router,
    spark_ads.owner_router,
    business_centers_router,
    link_requests.member_router,
    authorizations.member_router,
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
    """The companion app's web client, as the composition root hands it in."""

    asgi: ASGIApp
    lifespan: AbstractAsyncContextManager[object] = field(default_factory=contextlib.nullcontext)


def create_app(settings: Settings, companion: Companion | None = None) -> FastAPI:
    """Return the application: `/` console, `/app` companion app, `/api/v1` API, `/l` landing page.

    The database must have been migrated; it is opened when the application starts.
    """
    app = FastAPI(
        title="Sparklink",
        version=_version(),
        lifespan=_lifespan(settings, companion),
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # its assets come from a CDN; the console has the reference at /docs
        redoc_url=None,
        redirect_slashes=False,  # a redirect would carry whatever Host the caller sent
        telemetry={"tracing": False, "metrics": False, "logs": False},  # we have our own, and asking costs each request
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
        include(app, router, "/api/v1")
    include(app, _operations())
    include(app, avatars_router)
    console.install(app)
    if settings.demo:
        include(app, presenter_router)
    errors.install(app, console.render_problem)
    openapi.install(app)
    app.add_middleware(HeadRequests)  # inside of the Business API, which answers HEAD in its own words
    app.add_middleware(http.BodyLimit)
    app.add_middleware(BusinessApi, endpoints=ENDPOINTS)
    _around_everything(app, settings)
    if companion is not None:
        app.mount("/app", companion.asgi)
    app.router.middleware_stack = RouteIndex(app.router)
    return app


def _around_everything(app: FastAPI, settings: Settings) -> None:
    # Outside of Starlette's own handler of defects, too: its answers need the headers like all others.
    # A certificate made for one demo is no reason to promise https to browsers for two years.
    secure = settings.secure_cookies and not settings.over_lan
    build = app.build_middleware_stack
    app.build_middleware_stack = lambda: http.SecurityHeaders(  # type: ignore[method-assign]
        languages.Languages(build(), settings.secure_cookies), secure=secure, demo=settings.demo
    )


def _operations() -> APIRouter:
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/healthz", health, methods=["GET"])
    router.add_api_route("/metrics", metrics.get_metrics, methods=["GET"])
    return router


async def health(database: Db) -> PlainTextResponse:
    """Answer `ok` if the database does, else 503."""
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
