"""Hash and check passwords with argon2id in two threads, off the event loop.

The parameters are OWASP's minimum: 19 MiB, two passes, one lane. A hash takes 24 to 45 ms; on the event loop, eight
simultaneous logins stalled it for 0.8 s.
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
    """Return the argon2id hash of a password. Takes tens of milliseconds."""
    return _HASHER.hash(password)


@cache
def _decoy() -> str:
    return _HASHER.hash("a password that nobody has")


def _check(stored: str | None, password: str) -> bool:
    # An unknown name takes as long as a wrong password, so timing does not reveal which names exist.
    try:
        _HASHER.verify(stored or _decoy(), password)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False
    return stored is not None


class PasswordChecker:
    """Checks passwords in a small thread pool with a bounded queue."""

    def __init__(self) -> None:
        """Create the pool; its threads start when first needed."""
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="argon2")
        self._waiting = 0

    async def check(self, stored: str | None, password: str) -> bool:
        """Return whether the password matches the stored hash; None means an unknown name.

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
        """Wait for pending checks, then stop the threads."""
        self._pool.shutdown()
