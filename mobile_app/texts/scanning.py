"""Texts of the account's own code and of the scanner."""

from typing import Final

from shared.languages import Message, gettext


class Qr:
    """The account's own code."""

    TITLE: Final = Message("Your QR code")
    SCAN: Final = Message("Scan")
    SAVE: Final = Message("Save image")
    SHARE: Final = Message("Share")
    SAVED: Final = Message("Image saved")
    COPIED: Final = Message("Link copied")
    RECOLOUR: Final = Message("Change the colour")


class Scan:
    """The scanner, the picture with several codes, and the typed code."""

    TITLE: Final = Message("Scan")
    HINT: Final = Message("Scan a QR code to open it")
    WARNING: Final = Message("Only scan a code that you expect.")
    ALBUM: Final = Message("Album")
    MY_CODE: Final = Message("My QR code")
    TORCH: Final = Message("Flashlight")
    OTHER_CAMERA: Final = Message("Other camera")
    TYPE: Final = Message("Type the code instead")
    STARTING: Final = Message("Starting the camera…")
    READING: Final = Message("Reading the picture…")
    OPENING: Final = Message("Opening the request…")
    NO_CAMERA: Final = Message("No camera here. Choose a picture of the code, or type the code.")
    IN_USE: Final = Message(
        "The camera does not start; another app may be using it. Close that app and come back, "
        "or choose a picture of the code, or type the code."
    )
    DENIED: Final = Message(
        "The camera is blocked for this app. Allow it in the browser's settings, "
        "or choose a picture of the code, or type the code."
    )
    INSECURE: Final = Message(
        "Browsers give the camera only to secure pages (https), and this one is not. "
        "Choose a picture of the code, or type the code."
    )
    SEVERAL: Final = Message("Several codes")
    WHICH: Final = Message("This picture has several codes. Tap the one you mean.")
    ANOTHER: Final = Message("Choose another picture")
    TYPE_TITLE: Final = Message("Type the code")
    TYPE_TEXT: Final = Message(
        "Type the ten letters shown below the QR code, like BCDFG-HJKLM. Capitals and the hyphen do not matter."
    )
    TYPE_LABEL: Final = Message("Code")
    TYPE_SUBMIT: Final = Message("Continue")
    TYPE_MALFORMED: Final = Message("A code has ten letters without vowels, like BCDFG-HJKLM. Check it and try again.")
    TYPE_UNKNOWN: Final = Message(
        "No open request has this code. Codes change after ten minutes: ask for the one shown now."
    )
    SCAN_AGAIN: Final = Message("Scan again")

    @staticmethod
    def code_of(number: int, total: int) -> str:
        """Name one of the numbered codes in a picture."""
        return gettext("Code {number} of {total}").format(number=number, total=total)
