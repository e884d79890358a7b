"""Report what a benchmark measured: compare with goals, and write a section of a document."""

import platform
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Goal:
    """A goal and the measured figure."""

    name: str
    measured: float
    wanted: float
    unit: str = ""
    at_most: bool = False

    @property
    def reached(self) -> bool:
        """Whether the goal was reached."""
        return self.measured <= self.wanted if self.at_most else self.measured >= self.wanted

    def line(self) -> str:
        """Return the goal as a line of Markdown."""
        relation = "at most" if self.at_most else "at least"
        verdict = "reached" if self.reached else "NOT reached"
        return f"- {self.name}: {self.measured:.2f} {self.unit} (goal: {relation} {self.wanted:g}): {verdict}".replace(
            "  ", " "
        )


def replace_section(path: Path, heading: str, command: str, text: str) -> None:
    """Replace the text under `## heading` of a Markdown file; add the section if it is missing."""
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    section = f"## {heading}\n\n`{command}` ({system})\n\n{text.strip()}\n"
    old = path.read_text(encoding="utf-8") if path.exists() else "# Performance\n"
    pattern = re.compile(rf"^## {re.escape(heading)}\n.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
    known = pattern.search(old) is not None
    new = pattern.sub(lambda _: section + "\n", old) if known else f"{old.rstrip()}\n\n{section}"
    path.write_text(new.rstrip() + "\n", encoding="utf-8")
