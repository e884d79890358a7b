"""The steps of signing in, shared by the API and the console."""

from server.auth import service
from server.auth.attempts import SIGN_IN, Attempts
from server.auth.passwords import PasswordChecker
from server.database.core import Database
from server.tiktok_accounts.service import tidy_handle
from shared import wire


async def sign_in(
    database: Database,
    passwords: PasswordChecker,
    attempts: Attempts,
    address: str,
    wanted: wire.SignIn,
    instead_of: bytes | None = None,
    *,
    ends_idle: bool = False,
) -> wire.Session:
    """Check the password and start a session; see `service.start_session`.

    Raises:
        TooManyAttempts: this name or address has failed too often; raised before the password is checked.
        WrongCredentials: unknown name or wrong password.
        Busy: too many people are signing in.
    """
    person = (wanted.email or "").strip().lower() or f"@{tidy_handle(wanted.handle or '')}"
    attempts.begin(SIGN_IN, person, address)
    login = await database.read(service.find_login, wanted.email, wanted.handle)
    matches = await passwords.check(login.password_hash if login else None, wanted.password)
    if login is None or not matches:
        attempts.failed(SIGN_IN, person, address)
        raise service.WrongCredentials
    attempts.succeeded(SIGN_IN, person, address)
    return await database.write(service.start_session, login, instead_of, ends_idle=ends_idle)
