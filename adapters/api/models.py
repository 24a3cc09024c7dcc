"""What goes over the HTTP door, in JSON; openapi.json is made of these. Times are in UTC."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from engine.record_system.word import WordResult


def _a_number(value: object) -> object:
    """Return a JSON number without a fraction. Raises ValueError for true and 1.0, which Python takes for 1."""
    if type(value) is not int:
        raise ValueError
    return value


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Item(_Said):
    """A document in the inbox, as metadata.json says it in a folder, and where to fetch it."""

    item_id: UUID = Field(description="id of the document here, in every address")
    msg_id: str = Field(description="the document's own id, its sender's choice")
    message_type: str = Field(description="MsgInfo/Type")
    sender_her: str = Field(description="HER-id of the sender")
    receiver_her: str = Field(description="HER-id whose inbox this is")
    addressed_to_her: str = Field(description="HER-id that the sender wrote")
    conversation: str | None = Field(description="MsgId of the thread's first document; null in a first one")
    parent: str | None = Field(description="MsgId that it answers")
    received_at: datetime = Field(description="when it came")
    note: str = Field(description="why it came here, empty when as addressed")
    repeat: Literal["no", "may"] = Field(
        description="may: the database was restored from a backup since it was made, so it may have been given before; "
        "look for sender_her and msg_id, as item_id may be another. Nothing is held back"
    )
    taken_at: datetime | None = Field(description="when a client took it, null where none has")
    taken_by: str | None = Field(description="which client took it")
    url: str = Field(description="path of the document's metadata with its attachments")


class File(_Said):
    """A file that came with a document."""

    name: str = Field(description="its name as the sender gave it")
    mime_type: str = Field(description="its type as the sender gave it")
    type: str = Field(description="what it is by its bytes; application/octet-stream for what no reader should open")
    size: int = Field(description="bytes")
    url: str | None = Field(description="path to fetch it; null for what lies elsewhere and was not fetched")


class WholeItem(Item):
    """A document in the inbox with its attachments."""

    document_url: str = Field(description="path of the document as it came, XML")
    attachments: list[File] = Field(description="files that came with it, in order")
    pdf_url: str | None = Field(
        description="path of a PDF of the deviation, made when it is fetched, of avvik.xml among the attachments; null "
        "where there is no such file, and where a PDF came"
    )


class Page(_Said):
    """Some of what nobody has taken, oldest first."""

    items: list[Item] = Field(description="documents, oldest first")
    next: str | None = Field(description="path of the next page, null on the last")


class Taken(_Said):
    """That a document has been taken; the same to every later call."""

    item_id: UUID = Field(description="id of the document here")
    taken_at: datetime = Field(description="when it was taken, the first time")
    taken_by: str = Field(description="which client took it")


class Fault(_Said):
    """An error in an AppRec."""

    code: str = Field(max_length=10, description="code of 8221, such as E35 or X99")
    detail: str = Field("", max_length=2_000, description="a sentence for the sender; no national identity number")


class Apprec(_Said):
    """The record system's word on a document."""

    status: Annotated[Literal[1, 2, 3], BeforeValidator(_a_number)] = Field(
        description="1 taken, 2 refused, 3 taken with errors"
    )
    errors: list[Fault] = Field([], max_length=50, description="none with 1, at least one with 2 and 3")


class Feedback(_Said):
    """What is wrong with a document that is sent back (HIS 1151)."""

    code: Literal["wrong-addressee", "other"] = Field(description="wrong-addressee ends the case that it opened here")
    text: str = Field(pattern=r"\S", max_length=10_000, description="why, for the sender; no national identity number")


class Outcome(_Said):
    """What came of a word."""

    outcome: WordResult = Field(
        description="sent: it goes to the sender; known: it was said before, nothing is sent; called: the sender has "
        "been told otherwise, nothing is sent and a person is called"
    )


class Problem(_Said):
    """An error (RFC 9457)."""

    type: str = Field("about:blank", description="always about:blank: the status says the kind")
    title: str = Field(description="the status in words")
    status: int = Field(description="HTTP status")
    detail: str = Field(description="a sentence for people: what is wrong, and what to do")

    @classmethod
    def of(cls, status: int, detail: str) -> "Problem":
        """Return the problem of a status."""
        return cls(title=HTTPStatus(status).phrase, status=status, detail=detail)
