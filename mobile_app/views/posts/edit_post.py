"""Change the caption of a post and who sees it."""

import flet as ft

from mobile_app import routes, texts
from mobile_app.state.contexts import use_posts
from mobile_app.state.posting import CAPTION_LIMIT, pausing
from mobile_app.ui.buttons import back_button, primary_button
from mobile_app.ui.components import gap, screen, spinner, text, tid, toast, top_bar
from mobile_app.ui.fields import field
from mobile_app.views.consent.cards import card
from mobile_app.views.posts.post_parts import bottom, caption_counter, error_line, who_sees
from shared.wire import OwnPost

Text = texts.Posts


@ft.component
def EditPost() -> ft.View:
    """Show the form once the post is loaded."""
    posts = use_posts()
    post_id = ft.use_route_params().get("post_id", "")
    shown = posts.find(post_id)
    caption, set_caption = ft.use_state("")
    private, set_private = ft.use_state(False)

    def fill_form() -> None:
        if shown is not None:
            posts.error = ""
            set_caption(shown.post.caption)
            set_private(shown.post.private)

    ft.use_effect(fill_form, dependencies=[shown is not None])
    bar = top_bar(Text.EDIT_TITLE, leading=back_button(routes.post(post_id), "edit.back"))
    if shown is None:
        return screen(routes.edit_post(post_id), spinner(), bar=bar)

    async def save() -> None:
        if await posts.change(post_id, caption, private):
            ft.context.page.navigate(routes.post(post_id))
            toast(Text.SAVED)

    def type_caption(event: ft.Event[ft.TextField]) -> None:
        set_caption(event.control.value or "")

    label = Text.SAVING if posts.busy else Text.SAVE
    form = field(Text.CAPTION, caption, "", type_caption, multiline=True, min_lines=3, max_lines=8)
    return screen(
        routes.edit_post(post_id),
        gap(14),
        tid("edit.caption", form),
        caption_counter(caption, CAPTION_LIMIT),
        *([] if shown.post.ads_only else [gap(12), who_sees(private, set_private), *_hides(shown, private)]),
        bar=bar,
        bottom=bottom(error_line(posts.error), primary_button("edit.save", label, save, disabled=posts.busy)),
    )


def _hides(shown: OwnPost, private: bool) -> list[ft.Control]:
    running = pausing(shown.used_by)
    if shown.post.private or not private or not running:
        return []
    words = tid("edit.pauses", text(Text.hides(len(running)), 15, bold=True), live_region=True)
    return [gap(14), card(words, text(Text.HIDES_TEXT, 14, muted=True))]
