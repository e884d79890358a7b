"""A new post: choose a picture or video, write a caption, choose who sees it, post."""

import flet as ft

from mobile_app import routes, texts
from mobile_app.state.contexts import use_once, use_posts
from mobile_app.state.posting import CAPTION_LIMIT, PostsState
from mobile_app.ui.buttons import EVEN, icon_button, primary_button, quiet_button
from mobile_app.ui.components import gap, go, heading, safely, screen, text, tid, toast, top_bar
from mobile_app.ui.fields import field
from mobile_app.ui.sheets import back_to, sheet
from mobile_app.views.posts.post_parts import bottom, caption_counter, error_line, who_sees

Text = texts.Posts
_PREVIEW_HEIGHT_PX = 320


@ft.component
def NewPost() -> ft.View:
    """Make a post. Leaving asks first if there is something to lose."""
    posts = use_posts()
    use_once(posts.begin)

    async def picked(event: ft.FilePickerResultEvent) -> None:
        if event.files:
            file = event.files[0]
            await posts.choose(file.name, file.bytes, file.size)

    picker = use_once(lambda: ft.FilePicker(on_result=safely(picked)))
    ft.use_dialog(_discard_sheet(posts) if ft.use_route_location() == routes.DISCARD and posts.begun else None)

    def type_caption(event: ft.Event[ft.TextField]) -> None:
        posts.caption = event.control.value or ""

    def choose_who(private: bool) -> None:
        posts.private = private

    caption = field(
        Text.CAPTION,
        posts.caption,
        "",
        type_caption,
        multiline=True,
        min_lines=3,
        max_lines=6,
        hint_text=Text.CAPTION_HINT,
        read_only=posts.busy,
    )
    leave = go(routes.DISCARD if posts.begun else routes.PROFILE)
    close = icon_button("new.close", ft.Icons.CLOSE_ROUNDED, texts.CLOSE, leave)
    return screen(
        routes.NEW_POST,
        gap(10),
        _file(posts, picker),
        gap(18),
        tid("new.caption", caption),
        caption_counter(posts.caption, CAPTION_LIMIT),
        gap(10),
        who_sees(posts.private, choose_who),
        gap(10),
        text(Text.PICTURE_TEXT, 13, muted=True),
        gap(16),
        bar=top_bar(Text.NEW, leading=close),
        bottom=_bottom(posts),
    )


def _bottom(posts: PostsState) -> ft.Control:
    async def post() -> None:
        if await posts.post():
            ft.context.page.navigate(routes.PROFILE)
            toast(Text.POSTED)

    progress = ft.ProgressBar(semantics_label=Text.POSTING) if posts.busy else gap(0)
    label = Text.POSTING if posts.busy else Text.POST
    idle = posts.busy or posts.reading or posts.draft is None
    return bottom(progress, error_line(posts.error), primary_button("new.post", label, post, disabled=idle))


def _file(posts: PostsState, picker: ft.FilePicker) -> ft.Control:
    choose = ft.PickFiles(picker, file_type=ft.FilePickerFileType.MEDIA, with_data=True)
    if posts.reading:
        ring = ft.ProgressRing(width=28, height=28, stroke_width=2.6, semantics_label=Text.READING)
        return _frame(ring)
    draft = posts.draft
    if draft is None:
        style = ft.ButtonStyle(
            shape=ft.RoundedRectangleBorder(radius=16),
            side=ft.BorderSide(1.2, ft.Colors.OUTLINE),
            color=ft.Colors.ON_SURFACE,
            padding=ft.Padding.symmetric(horizontal=20, vertical=60),
            visual_density=EVEN,
        )
        words = ft.Column(
            [
                ft.Icon(ft.Icons.ADD_PHOTO_ALTERNATE_OUTLINED, size=44, color=ft.Colors.PRIMARY),
                text(Text.CHOOSE, 17, bold=True, text_align=ft.TextAlign.CENTER),
                text(Text.CHOOSE_TEXT, 14, muted=True, text_align=ft.TextAlign.CENTER),
            ],
            spacing=8,
            alignment=ft.MainAxisAlignment.CENTER,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        )
        return tid("new.choose", ft.OutlinedButton(words, action=choose, style=style))
    shown: ft.Control = (
        ft.Image(
            src=draft.preview,
            fit=ft.BoxFit.CONTAIN,
            height=_PREVIEW_HEIGHT_PX,
            semantics_label=Text.preview_of(draft.name),
        )
        if draft.preview
        else _video(draft.name, len(draft.content))
    )
    another = ft.TextButton(
        Text.CHOOSE_ANOTHER,
        action=choose,
        disabled=posts.busy,
        style=ft.ButtonStyle(
            color=ft.Colors.ON_SURFACE_VARIANT, padding=ft.Padding.symmetric(vertical=14), visual_density=EVEN
        ),
    )
    return ft.Column(
        [tid("new.preview", _frame(shown)), tid("new.choose", another)],
        spacing=4,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _frame(content: ft.Control) -> ft.Container:
    return ft.Container(
        content,
        height=_PREVIEW_HEIGHT_PX,
        border_radius=16,
        alignment=ft.Alignment.CENTER,
        bgcolor=ft.Colors.SURFACE_CONTAINER,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )


def _video(name: str, size: int) -> ft.Control:
    return ft.Column(
        [
            ft.Icon(ft.Icons.MOVIE_OUTLINED, size=48, color=ft.Colors.ON_SURFACE_VARIANT),
            text(texts.plain(name), 16, bold=True, text_align=ft.TextAlign.CENTER, max_lines=2),
            text(f"{max(0.1, size / 1_048_576):.1f} MB", 14, muted=True),
        ],
        spacing=6,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )


def _discard_sheet(posts: PostsState) -> ft.BottomSheet:
    def discard() -> None:
        posts.discard()
        ft.context.page.navigate(routes.PROFILE)

    return sheet(
        heading(Text.DISCARD, 21),
        gap(12),
        text(Text.DISCARD_TEXT, 15, muted=True),
        gap(20),
        primary_button("new.discard", Text.DISCARD_YES, discard),
        gap(8),
        quiet_button("new.keep", Text.DISCARD_NO, go(routes.NEW_POST)),
        on_close=back_to(routes.DISCARD, routes.NEW_POST, lambda: posts.begun),
    )
