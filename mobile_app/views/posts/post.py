"""One of the owner's posts: its picture or video, its facts, the ads that use it, and what to do with it."""

import flet as ft

from mobile_app import routes, texts
from mobile_app.state.app import AppState
from mobile_app.state.contexts import use_app, use_posts
from mobile_app.state.posting import PostsState, pausing
from mobile_app.ui import drawings, theme
from mobile_app.ui.buttons import back_button, primary_button, quiet_button, secondary_button
from mobile_app.ui.components import gap, go, hairline, heading, safely, screen, spinner, text, tid, toast, top_bar
from mobile_app.ui.sheets import back_to, sheet
from mobile_app.views.consent.cards import pill
from mobile_app.views.consent.problem import notice_panel
from mobile_app.views.posts.post_parts import ad_row, address, error_line, is_video, pausing_rows
from shared.wire import OwnPost, SparkCodeState
from shared.wire import Post as WirePost

Text = texts.Posts


@ft.component
def Post() -> ft.View:
    """Show one post; the address for deleting shows the sheet over it."""
    app, posts = use_app(), use_posts()
    post_id = ft.use_route_params().get("post_id", "")

    async def load() -> None:
        await posts.load(post_id)

    ft.use_effect(load, dependencies=[post_id])
    shown = posts.find(post_id)
    deleting = ft.use_route_location() == routes.delete_post(post_id)
    ft.use_dialog(_delete_sheet(posts, shown) if shown is not None and deleting else None)
    bar = top_bar(Text.TITLE, leading=back_button(routes.PROFILE, "post.back"))
    if shown is None:
        content = notice_panel(posts.trouble, lambda: _repeat(posts)) if posts.trouble else spinner()
        return screen(routes.post(post_id), content, bar=bar)
    return screen(
        routes.post(post_id),
        _stage(app, shown.post),
        ft.Container(
            ft.Column(
                [*_facts(shown.post), gap(22), *_ads(shown), gap(18), _ad_settings(shown), gap(18), _buttons(shown)],
                spacing=0,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
            padding=ft.Padding.only(left=theme.GUTTER_PX, right=theme.GUTTER_PX, top=16, bottom=28),
        ),
        bar=bar,
        padding=0,
    )


async def _repeat(posts: PostsState) -> None:
    if posts.trouble and posts.trouble.again:
        await posts.trouble.again()
    else:
        ft.context.page.navigate(routes.PROFILE)


def _stage(app: AppState, post: WirePost) -> ft.Control:
    width = min(ft.context.page.width or 390, theme.PHONE_WIDTH_PX)
    height = width * 1.1
    drawn = ft.Container(
        drawings.cover(post, width),
        width=width,
        height=height,
        alignment=ft.Alignment.CENTER,
        clip_behavior=ft.ClipBehavior.HARD_EDGE,
    )
    if post.media_url is None or is_video(post):
        layers: list[ft.Control] = [drawn, _play(app, post, width, height)]
    else:
        layers = [
            ft.Image(
                src=address(app, post.media_url),
                width=width,
                height=height,
                fit=ft.BoxFit.CONTAIN,
                gapless_playback=True,
                error_content=drawn,
                semantics_label=post.caption or Text.PICTURE_OF_POST,
            )
        ]
    stage = ft.Stack(layers, width=width, height=height)
    note = gap(0)
    if is_video(post):
        words = Text.PLAY_TEXT if post.media_url else Text.NO_MEDIA
        note = ft.Container(text(words, 13, muted=True, text_align=ft.TextAlign.CENTER), padding=8)
    return ft.Column(
        [tid("post.stage", ft.Container(stage, bgcolor="#000000", alignment=ft.Alignment.CENTER)), note],
        spacing=0,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _play(app: AppState, post: WirePost, width: float, height: float) -> ft.Control:
    if post.media_url is None:
        return gap(0)
    icon = ft.Icon(ft.Icons.PLAY_ARROW_ROUNDED, size=44, color="#FFFFFF", semantics_label=Text.PLAY)
    button = ft.IconButton(
        icon=icon,
        width=76,
        height=76,
        bgcolor=ft.Colors.with_opacity(0.55, "#000000"),
        action=ft.OpenUrl(address(app, post.media_url), target=ft.UrlTarget.BLANK),
    )
    return ft.Container(tid("post.play", button), left=(width - 76) / 2, top=(height - 76) / 2)


def _facts(post: WirePost) -> list[ft.Control]:
    caption = texts.plain(post.caption)
    quiet = (ft.Colors.SURFACE_CONTAINER_HIGH, ft.Colors.ON_SURFACE)
    if post.ads_only:
        who = pill(
            Text.ADS_ONLY, ft.Colors.TERTIARY_CONTAINER, ft.Colors.ON_TERTIARY_CONTAINER, ft.Icons.CAMPAIGN_OUTLINED
        )
    elif post.private:
        who = pill(Text.ONLY_YOU, *quiet, ft.Icons.LOCK_OUTLINE_ROUNDED)
    else:
        who = pill(Text.EVERYONE, *quiet, ft.Icons.PUBLIC_ROUNDED)
    pills = [who]
    if post.origin == "business_center":
        pills.append(pill(Text.BY_BUSINESS, *quiet, ft.Icons.STOREFRONT_ROUNDED))
    counts = [Text.plays(texts.count(post.play_count))]
    counts += [texts.Times.when(post.created_at)] if post.created_at else []
    return [
        tid("post.caption", text(caption or Text.NO_CAPTION, 17, muted=not caption)),
        gap(8),
        text(" · ".join(counts), 14, muted=True),
        gap(12),
        tid("post.who", ft.Container(ft.Row(list(pills), spacing=8, wrap=True))),
        *([gap(12), text(Text.THIS_ADS_ONLY, 14, muted=True)] if post.ads_only else []),
    ]


def _ads(shown: OwnPost) -> list[ft.Control]:
    title = heading(Text.IN_ADS)
    if not shown.used_by:
        return [title, gap(6), tid("post.no-ads", text(Text.NOT_IN_ADS, 15, muted=True))]
    rows: list[ft.Control] = []
    for ad in shown.used_by:
        rows += [ad_row(ad), hairline()]
    return [title, gap(2), *rows[:-1]]


def _ad_settings(shown: OwnPost) -> ft.Control:
    code = shown.spark_code
    on = code is not None and code.state is SparkCodeState.ACTIVE
    state = texts.SparkCodes.on(texts.Times.date(code.expires_at)) if code and on else texts.SparkCodes.OFF
    row = ft.Container(
        ft.Row(
            [
                ft.Icon(ft.Icons.CAMPAIGN_OUTLINED, size=24),
                ft.Column([text(texts.SparkCodes.TITLE, 16, bold=True), text(state, 14, muted=True)], expand=True),
                ft.Icon(ft.Icons.CHEVRON_RIGHT_ROUNDED, color=ft.Colors.OUTLINE),
            ],
            spacing=14,
        ),
        padding=14,
        border_radius=16,
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        ink=True,
        on_click=safely(go(routes.ad_settings(shown.post.post_id))),
    )
    return tid("post.ad-settings", row, button=True)


def _buttons(shown: OwnPost) -> ft.Control:
    post_id = shown.post.post_id
    return ft.Column(
        [
            secondary_button("post.edit", Text.EDIT, go(routes.edit_post(post_id))),
            quiet_button("post.delete", Text.DELETE, go(routes.delete_post(post_id)), ft.Colors.ERROR),
        ],
        spacing=6,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _delete_sheet(posts: PostsState, shown: OwnPost) -> ft.BottomSheet:
    post_id = shown.post.post_id

    async def delete() -> None:
        if await posts.delete(post_id):
            ft.context.page.navigate(routes.PROFILE)
            toast(Text.DELETED)

    def still_there() -> bool:
        return not posts.busy and posts.find(post_id) is not None

    return sheet(
        heading(Text.DELETE_QUESTION, 21),
        gap(12),
        text(Text.DELETE_TEXT, 15),
        gap(12),
        *pausing_rows(pausing(shown.used_by), Text.PAUSES_NOTHING),
        error_line(posts.error),
        gap(18),
        primary_button("post.delete.confirm", Text.DELETE, delete, disabled=posts.busy),
        gap(8),
        quiet_button("post.delete.cancel", Text.KEEP, go(routes.post(post_id))),
        on_close=back_to(routes.delete_post(post_id), routes.post(post_id), still_there),
    )
