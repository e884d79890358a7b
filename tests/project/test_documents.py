"""Files, headings, paths, make targets and settings that documents refer to exist."""

import re
from pathlib import Path

import pytest

from server.settings import Settings
from tests.project.documents import ROOT, anchors, commands, documents, links, prose, shown

_PATH = re.compile(r"(?:(?:server|mobile_app|shared|tests|benchmarks|docs|assets)/|\.ci/|\.github/)[\w./*-]*")
_TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
_CODE_OF = ("server", "mobile_app", "tests", "benchmarks", "Makefile", ".ci")
# Decisions and the changelog may name things that no longer exist.
_OF_TODAY = [path for path in documents() if path.parent.name != "decisions" and path.name != "CHANGELOG.md"]


def test_the_parser_tells_code_from_prose() -> None:
    """Code has no links or headings, prose has no commands, and repeated headings are numbered."""
    text = "# A `b`: c!\n\n[x](#a) ![y](z.png)\n\n```\n# [no](no)\na\n```\n\n    $ b  # [no](no)\n\n## D\n\n## D\n"
    assert list(links(text)) == ["#a", "z.png"]
    assert anchors(text) == {"a-b-c", "d", "d-1"}
    assert [line for line in commands(text) if line] == ["a", "b"]


@pytest.mark.parametrize("document", documents(), ids=shown)
def test_links_lead_somewhere(document: Path) -> None:
    """Each link within the project names an existing file and a heading in it. Other sites are not visited."""
    broken = []
    for link in links(document.read_text(encoding="utf-8")):
        name, _, anchor = link.partition("#")
        if "://" in link or link.startswith("mailto:"):
            continue
        target = document.parent / name if name else document
        if not target.exists() or (anchor and anchor not in anchors(target.read_text(encoding="utf-8"))):
            broken.append(link)
    assert not broken


@pytest.mark.parametrize("document", _OF_TODAY, ids=shown)
def test_what_is_named_in_code_exists(document: Path) -> None:
    """Paths, make targets and settings between backticks and in code blocks exist."""
    text = document.read_text(encoding="utf-8")
    words = re.findall(r"`([^`\n]+)`", prose(text)) + commands(text)
    paths = [word for word in words if _PATH.fullmatch(word) and not re.search(r"NAME|/new_", word)]
    above = [folder for folder in document.parents if folder.is_relative_to(ROOT)]
    assert [path for path in paths if not any(any(folder.glob(path.rstrip("/"))) for folder in above)] == []
    targets = {target for word in words for target in re.findall(r"^make ([a-z]+)", word)}
    assert targets <= _TARGETS
    settings = {name for word in words for name in re.findall(r"\bSPARKLINK_(?!NAME\b)[A-Z_]+\b", word)}
    assert [name for name in settings if not _is_read(name)] == []


def _is_read(setting: str) -> bool:
    if setting.removeprefix("SPARKLINK_").lower() in Settings.model_fields:
        return True
    files = [path for place in _CODE_OF for path in [ROOT / place, *(ROOT / place).rglob("*")] if path.is_file()]
    return any(setting in path.read_text(encoding="utf-8") for path in files if path.suffix in {"", ".py"})
