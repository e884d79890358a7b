"""The caller. Every service takes an `Actor` and trusts nothing else about who is calling."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in account owner or member, or the system itself.

    `subject_id` is an account id for owners and a user id for members. The role in a Business Center is
    deliberately missing: the transaction that needs it reads it.
    """

    kind: Literal["owner", "member", "system"]
    subject_id: str
    name: str
    session_hash: bytes | None = None

    @property
    def stored_id(self) -> str | None:
        """The id as the audit log stores it: None for the system."""
        return self.subject_id or None


SYSTEM = Actor("system", "", "Sparklink")
