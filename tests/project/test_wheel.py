"""The wheel is complete: it contains every file of the packages."""

import shutil
import subprocess
import sys
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.project.documents import ROOT

PACKAGES = ("server", "mobile_app", "shared")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Build the wheel from a copy, so that nothing is left in the checkout."""
    copy, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, copy)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(built), str(copy)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return zipfile.ZipFile(next(built.glob("*.whl")))


def test_the_wheel_has_every_file_of_the_packages(wheel: zipfile.ZipFile) -> None:
    """Templates, styles, scripts, translations, migrations and assets are installed, and nothing else."""
    ours = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    # Only people who work on the code need these: the guides to folders and the sources of translations.
    assert ours - packed == {name for name in ours if name.endswith(("README.md", ".po"))}
    assert packed - ours == set()


def test_the_wheel_has_its_metadata(wheel: zipfile.ZipFile) -> None:
    """Its metadata contains the licence, the licence files and the command."""
    info = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")).removesuffix("METADATA")
    metadata = message_from_bytes(wheel.read(f"{info}METADATA"))
    assert metadata["License-Expression"] == "Apache-2.0"
    assert {Path(name).name for name in metadata.get_all("License-File", [])} == {
        *("LICENSE", "NOTICE", "OFL.txt", "OFL-noto-sans-arabic.txt")
    }
    assert b"sparklink = server.commands.main:main" in wheel.read(f"{info}entry_points.txt")
