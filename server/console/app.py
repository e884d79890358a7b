"""Put the console together: pages, static files, and how a problem looks to a person."""

from fastapi import FastAPI, Request
from fastapi.responses import Response

from server.console import (
    access_tokens,
    account_tabs,
    activity,
    ad_accounts,
    add_account,
    ads,
    assets,
    code,
    create_ad,
    invitation,
    landing,
    live,
    members,
    new_ad,
    overview,
    reference,
    refusals,
    request_log,
    settings,
    sign_in,
    tiktok_accounts,
)
from server.console.forms import FormRefused
from server.console.refusals import render_problem
from server.routing import include

__all__ = ["install", "render_problem"]


def install(app: FastAPI) -> None:
    """Add every page of the console to the application."""
    for page in (
        assets,
        sign_in,
        landing,
        reference,
        overview,
        add_account,
        code,
        tiktok_accounts,
        account_tabs,
        new_ad,
        create_ad,
        ads,
        ad_accounts,
        members,
        invitation,
        activity,
        access_tokens,
        request_log,
        settings,
        live,
    ):
        include(app, page.router)

    async def on_form_refused(request: Request, error: Exception) -> Response:
        return refusals.render_form_refused(request)

    app.add_exception_handler(FormRefused, on_form_refused)
