"""The limit on guessing Spark codes, when the guess is made inside a database job."""

import asyncio

import sqlalchemy as sa

from server.auth.attempts import Attempts
from server.auth.tables import sessions
from server.problems import Busy, TooManyAttempts
from server.spark_codes.guesses import SPARK_CODE, Guess
from server.spark_codes.service import SparkCodeNotFound
from tests.server.world import World


async def test_a_guess_counts_once_however_often_its_job_is_run(world: World) -> None:
    """A guess counts once even if another job's failure makes the whole batch run again."""
    attempts, runs = Attempts(), []

    def guess(_connection: sa.Connection, once: Guess) -> None:
        runs.append(once)
        with once.by("1"):
            raise SparkCodeNotFound

    def fail(connection: sa.Connection) -> None:
        connection.execute(sa.update(sessions).values(name="changed"))
        raise Busy(retry_after_seconds=1)

    async def together() -> BaseException | None:
        both = world.database.write(guess, Guess(attempts, "127.0.0.1")), world.database.write(fail)
        return (await asyncio.gather(*both, return_exceptions=True))[0]

    refusals = [await together() for _ in range(SPARK_CODE.per_person + 1)]
    assert [type(refusal) for refusal in refusals] == [SparkCodeNotFound] * SPARK_CODE.per_person + [TooManyAttempts]
    if world.url.startswith("sqlite"):
        assert len(runs) == 2 * len(refusals)
