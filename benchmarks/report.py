"""How a benchmark says what it measured: goals with what was reached, and its section of a document."""

import platform
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Goal:
    """A figure to reach and the figure that was measured."""

    name: str
    measured: float
    wanted: float
    unit: str = ""
    at_most: bool = False

    @property
    def reached(self) -> bool:
        """Whether the figure was reached."""
        return self.measured <= self.wanted if self.at_most else self.measured >= self.wanted

    def line(self) -> str:
        """Return the goal as a line of Markdown."""
        relation = "at most" if self.at_most else "at least"
        verdict = "reached" if self.reached else "NOT reached"
        return f"- {self.name}: {self.measured:.2f} {self.unit} (goal: {relation} {self.wanted:g}): {verdict}".replace(
            "  ", " "
        )


def replace_section(path: Path, heading: str, command: str, text: str) -> None:
    """Put `text` under `## heading` of a Markdown file, in place of what stands there; made if it is not there."""
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    section = f"## {heading}\n\n`{command}` ({system})\n\n{text.strip()}\n"
    old = path.read_text(encoding="utf-8") if path.exists() else "# Performance\n"
    pattern = re.compile(rf"^## {re.escape(heading)}\n.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
    known = pattern.search(old) is not None
    new = pattern.sub(lambda _: section + "\n", old) if known else f"{old.rstrip()}\n\n{section}"
    path.write_text(new.rstrip() + "\n", encoding="utf-8")
