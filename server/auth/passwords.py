"""Password hashing with argon2id, off the event loop, in two threads of its own.

Parameters are OWASP's minimum of 19 MiB, two passes, one lane: 24 to 45 ms. Run inline, eight logins at
once stalled the loop by 0.8 s.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from server.problems import Busy

_Result = TypeVar("_Result")
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_THREADS: Final = 2
_WAITING_LIMIT: Final = 64


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password; takes tens of milliseconds."""
    return _HASHER.hash(password)


@cache
def _decoy() -> str:
    return _HASHER.hash("a password that nobody has")


def _check(stored: str | None, password: str) -> bool:
    # An unknown name costs as much time as a wrong password, so that names cannot be found out.
    try:
        _HASHER.verify(stored or _decoy(), password)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False
    return stored is not None


class PasswordChecker:
    """Checks passwords in a small pool, with a bounded queue in front of it."""

    def __init__(self) -> None:
        """Start no thread yet."""
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="argon2")
        self._waiting = 0

    async def check(self, stored: str | None, password: str) -> bool:
        """Say whether the password fits the stored hash; None stands for an unknown name.

        Raises:
            Busy: too many checks are waiting already.
        """
        return await self._run(_check, stored, password)

    async def _run(self, work: Callable[..., _Result], *arguments: str | None) -> _Result:
        if self._waiting >= _WAITING_LIMIT:
            raise Busy(retry_after_seconds=2)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work, *arguments)
        finally:
            self._waiting -= 1

    async def hash(self, password: str) -> str:
        """Return the hash of a new password.

        Raises:
            Busy: too many checks are waiting already.
        """
        return await self._run(hash_password, password)

    def close(self) -> None:
        """Let running checks finish."""
        self._pool.shutdown()
