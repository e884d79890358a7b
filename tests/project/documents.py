"""The project's documents, parsed as Markdown: their prose, their links, and the commands in their code blocks."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
_FOLDERS = (".github", "docs", "server", "mobile_app", "shared", "tests", "benchmarks")
_LINK = re.compile(r"\]\(([^()\s]+)\)|^\[[^\]]+\]: (\S+)", re.MULTILINE)
_HEADING = re.compile(r"^#+ +(.+)", re.MULTILINE)


def documents() -> list[Path]:
    """Return every Markdown file of the project."""
    return sorted([*ROOT.glob("*.md"), *(path for folder in _FOLDERS for path in (ROOT / folder).rglob("*.md"))])


def shown(path: Path) -> str:
    """Return a file's path within the project, for test names."""
    return str(path.relative_to(ROOT))


def _parts(text: str) -> tuple[list[str], list[str]]:
    prose: list[str] = []
    code: list[str] = []
    fenced = indented = False
    blank = True
    for line in text.splitlines():
        fence = line.lstrip().startswith("```")
        indented = not fenced and line.startswith("    ") and (blank or indented)
        fenced ^= fence
        blank = not line.strip()
        (code if (fenced or indented) and not fence else prose).append("" if fence else line)
    return prose, code


def prose(text: str) -> str:
    """Return a document without its code blocks."""
    return "\n".join(_parts(text)[0])


def commands(text: str) -> list[str]:
    """Return the lines of the code blocks, without prompts and comments."""
    lines = "\n".join(_parts(text)[1]).replace("\\\n", " ").splitlines()
    return [re.sub(r"(^|\s+)#.*", "", line.strip()).removeprefix("$ ") for line in lines]


def links(text: str) -> Iterator[str]:
    """Yield the target of each link and picture."""
    for target, reference in _LINK.findall(re.sub(r"`[^`\n]+`", "", prose(text))):
        yield target or reference


def anchors(text: str) -> set[str]:
    """Return the anchors of a document's headings, as GitHub and most renderers make them."""
    found: list[str] = []
    for heading in _HEADING.findall(prose(text)):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        found.append(re.sub(r"[^\w\- ]", "", words).replace(" ", "-"))
    return {f"{slug}-{before}" if (before := found[:i].count(slug)) else slug for i, slug in enumerate(found)}
