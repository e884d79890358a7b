"""Limits on guessing: failed sign-ins and unknown codes, per person and per address.

The counts are in memory: each server process has its own.
"""

import time
from dataclasses import dataclass
from functools import cache

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from server.problems import TooManyAttempts

WINDOW_MINUTES = 10


@dataclass(frozen=True, slots=True)
class AttemptLimit:
    """How many failures one person and one address may have within ten minutes.

    An attempt at something guessable counts before it is checked, so a thousand simultaneous guesses cannot all get
    through. A scanned code has 128 bits and cannot be guessed: many simultaneous approvals are a race, and only
    failures count.
    """

    name: str
    per_person: int
    per_address: int
    guessable: bool = True


SIGN_IN = AttemptLimit("sign-in", per_person=10, per_address=100)
TYPED_CODE = AttemptLimit("typed-code", per_person=5, per_address=200)
SCANNED_CODE = AttemptLimit("scanned-code", per_person=30, per_address=300, guessable=False)
# The app asks every few seconds, with the request's id. That does not count as a guess: it neither uses up a person's
# attempts nor restores them.
CHECKED_CODE = AttemptLimit("checked-code", per_person=30, per_address=300, guessable=False)


@cache
def _in_a_window(count: int) -> RateLimitItemPerMinute:
    return RateLimitItemPerMinute(count, WINDOW_MINUTES)


class Attempts:
    """Counts failures in a moving window of ten minutes."""

    def __init__(self) -> None:
        """Start with no failures."""
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def begin(self, limit: AttemptLimit, person: str, address: str) -> None:
        """Begin an attempt. If it may be a guess, it counts against this person until it succeeds.

        Raises:
            TooManyAttempts: one of the two limits is used up; the text says how long to wait.
        """
        mine, theirs = self._keys(limit, person, address)
        for key, allowed in (mine, theirs):
            if not self._limiter.test(allowed, *key):
                self._refuse(allowed, key)
        if limit.guessable:
            self._limiter.hit(mine[1], *mine[0])

    def failed(self, limit: AttemptLimit, person: str, address: str) -> None:
        """Count a failure against the address, and against the person unless `begin` did."""
        mine, theirs = self._keys(limit, person, address)
        self._limiter.hit(theirs[1], *theirs[0])
        if not limit.guessable:
            self._limiter.hit(mine[1], *mine[0])

    def succeeded(self, limit: AttemptLimit, person: str, address: str) -> None:
        """Forget the failures of this person, who has proved to be the right one. The address keeps its count."""
        key, allowed = self._keys(limit, person, address)[0]
        self._limiter.clear(allowed, *key)

    def _keys(
        self, limit: AttemptLimit, person: str, address: str
    ) -> list[tuple[tuple[str, str, str], RateLimitItemPerMinute]]:
        return [
            ((limit.name, "person", person), _in_a_window(limit.per_person)),
            ((limit.name, "address", address), _in_a_window(limit.per_address)),
        ]

    def _refuse(self, allowed: RateLimitItemPerMinute, key: tuple[str, str, str]) -> None:
        reset = self._limiter.get_window_stats(allowed, *key).reset_time
        seconds = max(1, int(reset - time.time()) + 1)
        raise TooManyAttempts(wait=seconds, retry_after_seconds=seconds)
