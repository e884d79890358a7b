"""The parts of every body: ids, pages, strict requests, immutable answers, and the format of an error."""

from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from shared.languages import gettext

Id = Annotated[str, Field(pattern=r"^[0-9]{1,20}$", examples=["7312980456120431722"])]


Sentence = Annotated[str, PlainSerializer(gettext, return_type=str)]
"""One of our own sentences: English inside the server, translated into the caller's language when sent."""

Handle = Annotated[str, Field(min_length=1, max_length=32, examples=["mia.bakes"])]


class Body(BaseModel):
    """A request body. Unknown fields are an error."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Reply(BaseModel):
    """A response body. It is immutable, and the app ignores fields it does not know yet."""

    model_config = ConfigDict(frozen=True)


T = TypeVar("T")


class Page(Reply, Generic[T]):
    """One page of a list. Pass `next_cursor` as `cursor` to get the next page; it is null on the last."""

    items: list[T]
    next_cursor: str | None = Field(None, description="null on the last page")


class Problem(BaseModel):
    """An error, as RFC 9457 problem details."""

    type: str = Field(examples=["urn:sparklink:problem:link-request-expired"])
    title: str
    status: int
    detail: str = Field(description="what happened and what to do next, in plain words")
    errors: list[dict[str, str]] | None = Field(None, description="for malformed-request: each field and its error")
    retry_after_seconds: int | None = None
