"""The package for a phone: the app and its few dependencies, and the existence of everything the build tool needs."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from PIL import Image

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# The import names of the phone's packages that differ from the package names.
IMPORTED_AS = {"opencv-python-headless": "cv2", "pillow": "PIL"}

# Only the server imports these, to serve the app as a web page.
ON_THE_SERVER = {
    "mobile_app/web.py",
    *(f"mobile_app/flet_gaps/{name}.py" for name in ("early_leave", "restore_frame", "web_client")),
}

# The keys of [tool.flet] that flet-cli 1.0.5 reads and we use; it silently ignores unknown keys.
READ_BY_THE_BUILD_TOOL = {
    *("org", "product", "company", "permissions", "icon_background", "app.path", "app.module", "app.exclude"),
    *("splash.color", "splash.dark_color", "compile.app", "compile.packages", "android.dependencies"),
    *("ios.dependencies", "ios.info", "macos.info", "web.route_url_strategy"),
}

_START = """
import importlib.abc, sys

class OnlyThePhones(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {missing!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}, which is not on the phone", name=name)

sys.meta_path.insert(0, OnlyThePhones())
import main
import mobile_app.main
from mobile_app.scanner import scan_image
from shared.qr import draw_png
assert scan_image(draw_png("hello"))[0].text == "hello"
print("started", "cv2" in sys.modules)
"""


def names(requirements: list[str]) -> set[str]:
    """Return the names by which requirements are imported."""
    packages = [Requirement(line).name.lower() for line in requirements]
    return {IMPORTED_AS.get(name, name).replace("-", "_") for name in packages}


def imports(path: Path) -> set[str]:
    """Return the top-level names that a file imports, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_the_app_starts_and_scans_without_the_servers_packages() -> None:
    """A phone has only [project].dependencies: no web server, no database, no zxing-cpp."""
    extras = PROJECT["project"]["optional-dependencies"]
    elsewhere = names(extras["server"] + extras["dev"]) | {"zxingcpp", "flet_cli", "multipart"}
    missing = elsewhere - names(PROJECT["project"]["dependencies"])
    assert {"fastapi", "sqlalchemy", "uvicorn", "zxingcpp", "playwright"} <= missing
    program = _START.format(missing=sorted(missing | {"server", "tests"}))
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.startswith("started"), done.stderr


def test_every_import_of_the_app_is_on_the_phone_or_in_its_own_code() -> None:
    """The app imports no package that a phone lacks, except the web page's own files and the engines."""
    allowed = names(PROJECT["project"]["dependencies"]) | sys.stdlib_module_names | {"mobile_app", "shared"}
    optional = {"zxingcpp"}
    for path in [*(ROOT / "mobile_app").rglob("*.py"), *(ROOT / "shared").rglob("*.py")]:
        found = imports(path)
        on_server = {"flet_web", "starlette"} if path.relative_to(ROOT).as_posix() in ON_THE_SERVER else set()
        strange = found - allowed - optional - on_server
        assert not strange, f"{path.relative_to(ROOT)} imports {strange}"


def test_the_build_tool_finds_its_files() -> None:
    """Entry point, icon and start screen are where `flet build` looks, and server and tests are left out."""
    flet = PROJECT["tool"]["flet"]
    root = ROOT / flet["app"]["path"]
    assert "mobile_app.main" in (root / f"{flet['app']['module']}.py").read_text(encoding="utf-8")
    for name in ("icon", "splash"):
        with Image.open(root / "assets" / f"{name}.png") as picture:
            assert picture.width == picture.height >= 512
            assert picture.mode == "RGBA"
    assert {"server", "tests"} <= set(flet["app"]["exclude"])


def test_every_key_is_one_that_the_build_tool_reads() -> None:
    """Every key is known to the build tool, which would silently ignore a misspelled one."""

    def keys(table: dict[str, object], above: str = "") -> set[str]:
        found = set()
        for name, value in table.items():
            path = f"{above}{name}"
            inside = isinstance(value, dict) and not path.endswith(".info")  # its keys belong to the operating system
            found |= keys(value, f"{path}.") if inside and isinstance(value, dict) else {path}
        return found

    assert keys(PROJECT["tool"]["flet"]) == READ_BY_THE_BUILD_TOOL


@pytest.mark.parametrize("platform", ["ios", "macos"])
def test_the_camera_permission_is_explained(platform: str) -> None:
    """The system's question says why the app needs the camera."""
    flet = PROJECT["tool"]["flet"]
    assert "camera" in flet["permissions"]
    assert "QR code" in flet[platform]["info"]["NSCameraUsageDescription"]
