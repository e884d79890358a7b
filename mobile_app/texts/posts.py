"""Texts of posts, of the ads that use them, and of Spark codes."""

from typing import Final

from mobile_app.texts.words import isolated
from shared.languages import Message, gettext, ngettext
from shared.wire import PauseReason


class Posts:
    """New posts, one post, and what businesses pushed for ads only."""

    NEW: Final = Message("New post")
    ADD: Final = Message("Make a new post")
    CHOOSE: Final = Message("Choose a picture or video")
    CHOOSE_TEXT: Final = Message("JPEG, PNG or WebP, or an MP4 or WebM video. Up to 30 MB.")
    CHOOSE_ANOTHER: Final = Message("Choose another file")
    READING: Final = Message("Reading the file…")
    CAPTION: Final = Message("Caption")
    CAPTION_HINT: Final = Message("What is it about?")
    CAPTION_TOO_LONG: Final = Message("A caption has at most 2,200 characters. Shorten it, then try again.")
    WHO: Final = Message("Who can see this post")
    EVERYONE: Final = Message("Everyone")
    ONLY_YOU: Final = Message("Only you")
    EVERYONE_TEXT: Final = Message("It appears on your profile. Linked businesses may use it in ads if you let them.")
    ONLY_YOU_TEXT: Final = Message("Nobody else sees it, and no ad can use it.")
    PICTURE_TEXT: Final = Message("Pictures are stored without the location and camera details in their files.")
    POST: Final = Message("Post")
    POSTING: Final = Message("Posting…")
    POSTED: Final = Message("Posted")
    DISCARD: Final = Message("Discard this post?")
    DISCARD_TEXT: Final = Message("The file and the caption are not kept. Nothing was posted.")
    DISCARD_YES: Final = Message("Discard")
    DISCARD_NO: Final = Message("Keep editing")
    NO_FILE: Final = Message("Choose a picture or video first.")
    TOO_LARGE: Final = Message("This file is larger than 30 MB. Choose a smaller one; your caption is kept.")
    NOT_MEDIA: Final = Message(
        "This is not a picture (JPEG, PNG, WebP) or a video (MP4, WebM) that can be read. "
        "Choose another file; your caption is kept."
    )
    TOO_MANY_PIXELS: Final = Message(
        "This picture has too many pixels: 16 million is the most, 50 million for a JPEG. "
        "Choose a smaller one; your caption is kept."
    )
    NO_BYTES: Final = Message("The file could not be read. Choose it once more, or another one.")
    UNREACHABLE: Final = Message(
        "The server is not responding. Your file and your caption are kept. Check whether the post is already on your "
        "profile, then post again."
    )
    NOTHING_LOST: Final = Message(
        "The server is not responding. What you typed is kept: check your connection and try again."
    )

    TITLE: Final = Message("Your post")
    PICTURE_OF_POST: Final = Message("Picture of the post")
    PLAY: Final = Message("Play the video")
    PLAY_TEXT: Final = Message("The video opens in its own tab.")
    NO_MEDIA: Final = Message("No picture or video of this post is stored here, so its cover is drawn.")
    NO_CAPTION: Final = Message("No caption")
    ADS_ONLY: Final = Message("Ads only")
    THIS_ADS_ONLY: Final = Message(
        "A business published this in your name, through ads only. Nobody finds it on your profile."
    )
    BY_BUSINESS: Final = Message("Published by a business")
    IN_ADS: Final = Message("Used in ads")
    NOT_IN_ADS: Final = Message("No ad uses this post.")
    RUNNING: Final = Message("Running")
    PAUSED: Final = Message("Paused")
    BY_LINK: Final = Message("As a linked business")
    BY_CODE: Final = Message("By Spark code")
    EDIT: Final = Message("Edit")
    EDIT_TITLE: Final = Message("Edit post")
    SAVE: Final = Message("Save")
    SAVING: Final = Message("Saving…")
    SAVED: Final = Message("Saved")
    DELETE: Final = Message("Delete")
    DELETED: Final = Message("Post deleted")
    DELETE_QUESTION: Final = Message("Delete this post?")
    DELETE_TEXT: Final = Message("The post and its picture or video are deleted for good.")
    KEEP: Final = Message("Keep it")
    PAUSES: Final = Message("This pauses at once:")
    PAUSES_NOTHING: Final = Message("No running ad uses this post, so no ad pauses.")
    HIDES_TEXT: Final = Message("Ads show posts to everybody. They pause until the post is for everyone again.")

    ADS_ONLY_TAB: Final = Message("Ads only")
    ADS_ONLY_TEXT: Final = Message(
        "Businesses published these in your name, through ads only. Nobody finds them on your profile."
    )
    NO_ADS_ONLY: Final = Message("No ads-only posts")
    NO_ADS_ONLY_TEXT: Final = Message("When a linked business publishes a video for its ads only, you see it here.")

    REASONS: Final = {
        PauseReason.PAUSED_BY_USER: Message("The business paused it."),
        PauseReason.POST_DELETED: Message("You deleted the post."),
        PauseReason.POST_PRIVATE: Message("Only you can see the post."),
        PauseReason.AUTHORIZATION_ENDED: Message("Your account is no longer linked to this business."),
        PauseReason.PERMISSION_TURNED_OFF: Message("You no longer give the permission that it needs."),
        PauseReason.AD_ACCOUNT_UNLINKED: Message("The business no longer connects your account to its ad account."),
        PauseReason.SPARK_CODE_EXPIRED: Message("The Spark code has expired."),
        PauseReason.SPARK_CODE_REVOKED: Message("You revoked the Spark code."),
        PauseReason.SPARK_CODE_UNBOUND: Message("The business no longer uses the Spark code."),
    }

    @staticmethod
    def counter(length: int, limit: int) -> str:
        """Say how much of a caption's length is used."""
        return gettext("{length} of {limit}").format(length=f"{length:,}", limit=f"{limit:,}")

    @staticmethod
    def label(caption: str, plays: str, in_ads: bool) -> str:
        """Name a tile of the grid."""
        sentence = gettext("{caption}, {plays} plays, used in ads") if in_ads else gettext("{caption}, {plays} plays")
        return sentence.format(caption=isolated(caption or gettext("Post without a caption")), plays=plays)

    @staticmethod
    def preview_of(file: str) -> str:
        """Name the preview of the chosen file."""
        return gettext("Preview of {file}").format(file=isolated(file))

    @staticmethod
    def plays(count: str) -> str:
        """Say how often a post was played."""
        return gettext("{count} plays").format(count=count)

    @staticmethod
    def of(ad: str, business: str) -> str:
        """Name an ad with the business that runs it."""
        return gettext("“{ad}” of {business}").format(ad=isolated(ad), business=isolated(business))

    @staticmethod
    def hides(count: int) -> str:
        """Say how many ads pause when a post becomes private."""
        return ngettext(
            "{count} running ad uses this post and pauses.", "{count} running ads use this post and pause.", count
        ).format(count=count)


class SparkCodes:
    """The ad settings of one post."""

    TITLE: Final = Message("Ad settings")
    SWITCH: Final = Message("Ad authorization")
    SWITCH_TEXT: Final = Message(
        "Let a business use this one post in ads, without linking your account. You make a code and send it."
    )
    OFF: Final = Message("Off")
    HOW_LONG: Final = Message("For how long")
    GENERATE: Final = Message("Generate code")
    GENERATING: Final = Message("Generating…")
    CODE: Final = Message("Spark code")
    COPY: Final = Message("Copy code")
    COPIED: Final = Message("Code copied")
    EXPIRED: Final = Message(
        "This code has expired. Ads that used it are paused. Generate a new one if they should run again."
    )
    ALLOWS: Final = Message("What it allows")
    ALLOWS_TEXT: Final = Message(
        "Whoever has the code can show this post in ads, with your name and picture. "
        "It opens nothing else of your account. Send it only to the business you mean."
    )
    REVOKE: Final = Message("Revoke code")
    REVOKED: Final = Message("Code revoked")
    REVOKE_QUESTION: Final = Message("Revoke this code?")
    REVOKE_TEXT: Final = Message(
        "The code stops working at once and cannot be brought back. You can generate a new one."
    )
    KEEP: Final = Message("Keep the code")
    PRIVATE: Final = Message(
        "Only you can see this post, and ads show posts to everybody. Set it to Everyone first, under Edit."
    )
    ADS_ONLY: Final = Message(
        "A business published this post for its own ads. Codes are for posts that appear on your profile."
    )

    @staticmethod
    def days(count: int) -> str:
        """Name a length of time."""
        return ngettext("{count} day", "{count} days", count).format(count=count)

    @staticmethod
    def until(date: str, left: str) -> str:
        """Say until when a code works."""
        return gettext("Works until {date}, {left}.").format(date=date, left=left)

    @staticmethod
    def on(date: str) -> str:
        """Say on the post's screen until when its code works."""
        return gettext("On until {date}").format(date=date)
