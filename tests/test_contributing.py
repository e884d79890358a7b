"""The guide and the README name what exists, and everything that must be named."""

import re
from pathlib import Path

from server.settings import Settings
from shared.languages import LANGUAGES

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_the_map_has_every_folder() -> None:
    """Each package is in the table, as a whole path or as a name with a slash in its folder's row."""
    packages = [
        path.parent for side in ("server", "mobile_app", "shared") for path in (ROOT / side).rglob("__init__.py")
    ]
    for package in packages:
        path = package.relative_to(ROOT)
        if path.name not in {"server", "mobile_app"} and "migrations" not in path.parts:
            is_row = len(path.parts) == 2 and path.parts[0] != "shared"
            assert f"| `{path}` |" in GUIDE or (not is_row and f"`{path.name}/`" in GUIDE), path


def test_paths_in_the_guide_exist() -> None:
    """Each path with a slash exists, except those with a placeholder."""
    paths = {
        path for path in re.findall(r"`((?:server|mobile_app|shared|tests|docs)/[\w./]+)`", GUIDE) if "NAME" not in path
    }
    assert len(paths) > 40
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []


def test_every_setting_is_in_the_readme() -> None:
    """Each setting has a row with its variable, except the demo, which has none."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    names = [f"SPARKLINK_{name.upper()}" for name in Settings.model_fields if name != "demo"]
    assert [name for name in names if f"`{name}`" not in readme] == []


def test_the_shell_speaks_every_language() -> None:
    """The web page that loads the app supports the app's languages."""
    shell = (ROOT / "mobile_app" / "assets" / "web" / "shell.js").read_text(encoding="utf-8")
    (spoken,) = re.findall(r"const spoken = \[([^\]]*)\]", shell)
    assert re.findall(r'"(\w+)"', spoken) == list(LANGUAGES)
