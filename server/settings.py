"""Settings from the environment (`SPARKLINK_...`), and the secrets kept in the data directory."""

import json
import os
import re
import secrets
from functools import cached_property
from pathlib import Path
from typing import Annotated, ClassVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class OperatorError(Exception):
    """An error that the person who runs the server can fix; the text says how."""


class Settings(BaseSettings):
    """All settings. The command line or a test builds them once, never at import."""

    model_config = SettingsConfigDict(env_prefix="SPARKLINK_", extra="ignore")

    over_lan: ClassVar[bool] = False  # see server/demo/lan.py; no environment variable sets it

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    data_dir: Path = Path("data")
    database_url: str | None = None
    base_url: str | None = Field(None, description="the address that people use, e.g. https://link.example.com")
    link_code_key: SecretStr | None = Field(None, description="32 bytes as hex, to share one key among servers")
    trusted_proxies: str = Field("", description="addresses of proxies whose X-Forwarded-For is trusted")
    demo: bool = False

    @field_validator("base_url")
    @classmethod
    def _plain_origin(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        plain = parts.scheme in {"http", "https"} and parts.hostname and not (parts.username or parts.password)
        if not plain or parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError("must look like https://link.example.com, without a path")
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        port = f":{parts.port}" if parts.port else ""  # raises ValueError for an impossible port
        return f"{parts.scheme}://{host}{port}"

    @model_validator(mode="after")
    def _safe(self) -> "Settings":
        key = self.link_code_key
        if key is not None and not re.fullmatch(r"(?:[0-9a-fA-F]{2}){32,}", key.get_secret_value()):
            raise ValueError("SPARKLINK_LINK_CODE_KEY must be at least 32 bytes, as 64 hex digits")
        if self.demo and not self.over_lan and {self.host, urlsplit(self.origin).hostname or ""} - LOOPBACK:
            raise ValueError("demo mode has published passwords: it serves on 127.0.0.1 only")
        if not self.over_lan and self.base_url is None and self.host in {"0.0.0.0", "::"}:  # noqa: S104 - refused, not bound
            raise ValueError("SPARKLINK_HOST takes every address, so say which one people use in SPARKLINK_BASE_URL")
        return self

    @property
    def origin(self) -> str:
        """The address that people use, and the only one in codes and links."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.base_url or f"{'https' if self.over_lan else 'http'}://{host}:{self.port}"

    @property
    def secure_cookies(self) -> bool:
        """Whether browsers reach the server over https."""
        return self.origin.startswith("https://")

    @property
    def resolved_database_url(self) -> str:
        """The URL of the database: the given one, or SQLite in the data directory."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'sparklink.db').resolve()}"

    @cached_property
    def link_code_secret(self) -> bytes:
        """The key that link codes are derived from: set in the environment, or generated on first start."""
        if self.link_code_key is not None:
            return bytes.fromhex(self.link_code_key.get_secret_value())
        return bytes.fromhex(_stored_secrets(self.data_dir)["link_code_key"])


def _stored_secrets(data_dir: Path) -> dict[str, str]:
    path = data_dir / "secrets.json"
    if not path.exists():
        write_private(path, json.dumps({"link_code_key": secrets.token_hex(32)}))
    stored: dict[str, str] = json.loads(path.read_text())
    return stored


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read (mode 0600), atomically."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
