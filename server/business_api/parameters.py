"""Read parameters: the vendor's clients send objects in a query as JSON, booleans as `True`, ids as text."""

import json
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from server.business_api.envelope import Code, Refused

_DEPTH_LIMIT: Final = 32
_SHOWN_ERRORS: Final = 3


class Params(BaseModel):
    """Parameters of an endpoint. Unknown ones are ignored: clients send many that Sparklink does not use."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)


def _decoded(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not value.strip():
        return None
    return parse(value)


FromJson: Final = BeforeValidator(_decoded)
Id = Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]
Text = Annotated[str, Field(max_length=2000)]
Short = Annotated[str, Field(max_length=200)]


def _at_most(limit: int) -> AfterValidator:
    return AfterValidator(lambda size: min(max(size, 1), limit))


# Clamped, not refused: public clients ask for pages of 1000.
SizeTo20 = Annotated[int, _at_most(20)]
SizeTo50 = Annotated[int, _at_most(50)]
SizeTo100 = Annotated[int, _at_most(100)]
PageNumber = Annotated[int, Field(ge=1)]


class Paged(Params):
    """Parameters of a list that is read page by page."""

    page: PageNumber = 1
    page_size: SizeTo50 = 10


def page_of(items: list[Any], wanted: Any) -> tuple[list[Any], dict[str, int]]:
    """Return the items of the wanted `page` and `page_size`, and the page_info that goes with them."""
    start = start_of(wanted)
    return (items[start : start + wanted.page_size] if start < len(items) else []), page_info(len(items), wanted)


def start_of(wanted: Any) -> int:
    """Return how many items come before the wanted `page`."""
    start: int = (wanted.page - 1) * wanted.page_size
    return start


def page_info(total: int, wanted: Any) -> dict[str, int]:
    """Return the page_info that goes with a page of a list of `total` items."""
    pages = -(-total // wanted.page_size)
    return {"page": wanted.page, "page_size": wanted.page_size, "total_number": total, "total_page": pages}


def parse(text: str | bytes) -> Any:
    """Return the value of a JSON text.

    Raises:
        ValueError: it is not JSON, is nested too deeply, or has a character that no database can store.
    """
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
        _check(value, 0)
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    except ValueError as error:
        raise ValueError(str(error) if error.args[0] in _OURS else "is not valid JSON") from None
    return value


_STORABLE: Final = "has a character that cannot be stored"
_OURS: Final = frozenset({_STORABLE, "is nested too deeply"})


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _check(value: Any, depth: int) -> None:
    """Refuse characters that no database can store, and nesting so deep that only an attacker would send it."""
    if depth > _DEPTH_LIMIT:
        raise ValueError("is nested too deeply")
    if isinstance(value, str) and any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value):
        raise ValueError(_STORABLE)
    if isinstance(value, dict):
        for name, item in value.items():
            _check(name, depth)
            _check(item, depth + 1)
    if isinstance(value, list):
        for item in value:
            _check(item, depth + 1)


def check_query(values: dict[str, str]) -> None:
    """Refuse a query with a character that no database can store.

    Raises:
        ValueError.
    """
    _check(values, 0)


def validate(model: type[Params], sent: dict[str, Any]) -> Params:
    """Return the parameters of an endpoint.

    Raises:
        Refused: 40002; the message names up to three wrong parameters and repeats no value.
    """
    try:
        return model.model_validate(sent)
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False, include_context=False)[:_SHOWN_ERRORS]
    shown = "; ".join(f"{'.'.join(map(str, item['loc'])) or 'parameters'}: {_reason(item['msg'])}" for item in wrong)
    raise Refused(Code.PARAMETER, f"Invalid parameters. {shown}.")


def _reason(message: str) -> str:
    return message.removeprefix("Value error, ").removesuffix(".").replace("Field required", "is required")
