"""The entry point for `flet build` and `flet run`, which expect it in the root of the project."""

import flet as ft

from mobile_app.main import main

if __name__ == "__main__":
    ft.run(main)
