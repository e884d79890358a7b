"""The ads that use the account through one business, and whether each is running."""

from typing import Final

import flet as ft

from mobile_app import texts
from mobile_app.state.app import AppState
from mobile_app.ui.buttons import quiet_button
from mobile_app.ui.components import gap, hairline, heading, spinner, text, tid
from mobile_app.views.posts.post_parts import ad_state, cover, why_paused
from shared.wire import AdMode, AdOfAccount

Text = texts.Linked
_ROWS: Final = 20


def linked_ads(app: AppState, authorization_id: str) -> list[ft.Control]:
    """Return the section that lists the ads of one linked business or says that there are none."""
    ads = app.ads if app.ads_of == authorization_id else None
    title = heading(Text.ADS)
    if ads is None:
        return [gap(28), title, *(_not_loaded(app, authorization_id) if app.ads_missing else [spinner()])]
    if not ads:
        return [gap(28), title, gap(6), tid("linked.no-ads", text(Text.NO_ADS, 15, muted=True))]
    rows: list[ft.Control] = []
    for ad in ads[:_ROWS]:
        rows += [_row(app, ad), hairline()]
    more = [gap(4), text(Text.more_ads(len(ads) - _ROWS), 14, muted=True)] if len(ads) > _ROWS else []
    return [gap(28), title, gap(4), *rows[:-1], *more]


def _not_loaded(app: AppState, authorization_id: str) -> list[ft.Control]:
    async def again() -> None:
        app.ads_missing = False
        await app.load_ads(authorization_id)

    unknown = text(Text.ADS_UNKNOWN, 15, muted=True)
    return [gap(6), unknown, ft.Row([quiet_button("linked.ads.again", texts.TRY_AGAIN, again)])]


def _row(app: AppState, ad: AdOfAccount) -> ft.Control:
    picture = ft.Container(cover(app, ad.post, 48), border_radius=8, clip_behavior=ft.ClipBehavior.ANTI_ALIAS)
    words: list[ft.Control] = [
        text(texts.plain(ad.name), 16, bold=True),
        text(texts.plain(ad.advertiser_name), 14, muted=True),
        text(Text.post(texts.plain(ad.post.caption)), 14, muted=True),
    ]
    if ad.mode is AdMode.PUSH:
        words.append(text(Text.NEW_CONTENT, 13, muted=True))
    if ad.paused is not None:
        words.append(text(why_paused(ad.paused), 14))
    row = ft.Row(
        [picture, ft.Column(words, spacing=2, expand=True), ad_state(ad)],
        spacing=14,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    return tid(f"linked.ad.{ad.ad_id}", ft.Container(row, padding=ft.Padding.symmetric(vertical=12)))
