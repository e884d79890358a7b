"""The limit on guessing Spark codes, wherever they are typed in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from server.auth.attempts import AttemptLimit, Attempts
from server.spark_codes.service import SparkCodeNotFound

SPARK_CODE: Final = AttemptLimit("spark-code", per_person=10, per_address=200)


@contextmanager
def counted(attempts: Attempts, person: str, address: str) -> Iterator[None]:
    """Count what is done within as one attempt; an unknown code stays counted.

    Raises:
        TooManyAttempts: too many unknown codes within ten minutes.
    """
    attempts.begin(SPARK_CODE, person, address)
    try:
        yield
    except SparkCodeNotFound:
        attempts.failed(SPARK_CODE, person, address)
        raise
    attempts.succeeded(SPARK_CODE, person, address)
