"""A HER-id as a key of a file that people write."""

from typing import Annotated

from pydantic import AfterValidator

from engine.errors import BadName
from engine.names import her_id


def _her(text: str) -> str:
    try:
        return her_id(text)
    except BadName as error:
        raise ValueError(str(error)) from None


Her = Annotated[str, AfterValidator(_her)]
