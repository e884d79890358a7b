"""The limit on guessing Spark codes, for the API, the Business API and the console alike."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

from server.auth.attempts import AttemptLimit, Attempts
from server.spark_codes.service import SparkCodeNotFound

SPARK_CODE: Final = AttemptLimit("spark-code", per_person=10, per_address=200)


class Guess:
    """One attempt at a code. It counts once, even if the database runs the job that makes it several times."""

    def __init__(self, attempts: Attempts, address: str) -> None:
        """Take the counter and the address of the peer."""
        self._attempts, self._address = attempts, address
        self._begun = self._failed = False

    @contextmanager
    def by(self, person: str) -> Iterator[None]:
        """Count the enclosed block as an attempt by this person. An unknown code stays counted.

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
    """Count the enclosed block as one attempt; see `Guess.by`."""
    return Guess(attempts, address).by(person)
