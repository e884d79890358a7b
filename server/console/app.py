"""Assemble the console: pages, static files, and error pages."""

from fastapi import FastAPI, Request
from fastapi.responses import Response

from server.console import assets, live, refusals
from server.console.forms import FormRefused
from server.console.pages import activity, invitation, landing, members, overview, settings, sign_in
from server.console.pages.accounts import account_tabs, ad_accounts, add_account, code, tiktok_accounts
from server.console.pages.ads import ads, create_ad, new_ad
from server.console.pages.developers import access_tokens, reference, request_log
from server.console.refusals import render_problem

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
        app.include_router(page.router)

    async def on_form_refused(request: Request, error: Exception) -> Response:
        return refusals.render_form_refused(request)

    app.add_exception_handler(FormRefused, on_form_refused)
