"""The limit on guessing Spark codes, wherever they are typed in."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

from server.auth.attempts import AttemptLimit, Attempts
from server.spark_codes.service import SparkCodeNotFound

SPARK_CODE: Final = AttemptLimit("spark-code", per_person=10, per_address=200)


class Guess:
    """One attempt at a code, counted once: a job of the database within which it is made may run more than once."""

    def __init__(self, attempts: Attempts, address: str) -> None:
        """Take where to count, and the address of the peer."""
        self._attempts, self._address = attempts, address
        self._begun = self._failed = False

    @contextmanager
    def by(self, person: str) -> Iterator[None]:
        """Count what is done within as an attempt of this person; an unknown code stays counted.

        Raises:
            TooManyAttempts: too many unknown codes within ten minutes.
        """
        if not self._begun:
            self._attempts.begin(SPARK_CODE, person, self._address)
            self._begun = True
        try:
            yield
        except SparkCodeNotFound:
            if not self._failed:
                self._attempts.failed(SPARK_CODE, person, self._address)
                self._failed = True
            raise
        self._attempts.succeeded(SPARK_CODE, person, self._address)


def counted(attempts: Attempts, person: str, address: str) -> AbstractContextManager[None]:
    """Count what is done within as one attempt, see `Guess.by`."""
    return Guess(attempts, address).by(person)
