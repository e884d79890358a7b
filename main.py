"""Where `flet build` and `flet run` start the companion app; they look for it in the root of the project."""

import flet as ft

from mobile_app.main import main

if __name__ == "__main__":
    ft.run(main)
