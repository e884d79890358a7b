"""What the guide and the README say about the project is there, and what is there they name."""

import re
from pathlib import Path

from server.settings import Settings
from shared.languages import LANGUAGES

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_the_map_has_every_folder() -> None:
    """Each package is in the table: a whole path, or a name with a slash in the row of the folder it is in."""
    packages = [
        path.parent for side in ("server", "mobile_app", "shared") for path in (ROOT / side).rglob("__init__.py")
    ]
    for package in packages:
        path = package.relative_to(ROOT)
        if path.name not in {"server", "mobile_app"} and "migrations" not in path.parts:
            is_row = len(path.parts) == 2 and path.parts[0] != "shared"
            assert f"| `{path}` |" in GUIDE or (not is_row and f"`{path.name}/`" in GUIDE), path


def test_what_the_guide_names_is_there() -> None:
    """Each path with a slash in it exists, but for those that stand for a name of your own."""
    paths = {
        path for path in re.findall(r"`((?:server|mobile_app|shared|tests|docs)/[\w./]+)`", GUIDE) if "NAME" not in path
    }
    assert len(paths) > 40
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []


def test_every_setting_is_in_the_readme() -> None:
    """Each setting has a row with its variable; the demo is not set by one."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    names = [f"SPARKLINK_{name.upper()}" for name in Settings.model_fields if name != "demo"]
    assert [name for name in names if f"`{name}`" not in readme] == []


def test_the_shell_speaks_every_language() -> None:
    """The web page that loads the app knows the languages that the app has."""
    shell = (ROOT / "mobile_app" / "assets" / "web" / "shell.js").read_text(encoding="utf-8")
    (spoken,) = re.findall(r"const spoken = \[([^\]]*)\]", shell)
    assert re.findall(r'"(\w+)"', spoken) == list(LANGUAGES)
