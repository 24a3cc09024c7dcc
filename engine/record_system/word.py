"""What a record system said, in the transaction that decides it."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from engine.codes.record_system import RecordSystemCode
from engine.commit.commit import Commit
from engine.errors import Refused
from engine.names import HerId
from engine.records.inbox import ReceivedDocument


@dataclass(frozen=True, slots=True)
class RecordSystemCommit(Commit):
    """The transaction that decides what the record system of the party `her_id` says.

    `owner` is the party's enterprise. `about` is the one document that the record system named, None where it named
    none.
    """

    owner: HerId
    her_id: HerId
    about: UUID | None = None

    def check_about(self, item: ReceivedDocument) -> None:
        """Raise Refused where the word is about another item than the one that it was said to."""
        if self.about not in {None, item.id}:
            raise Refused(RecordSystemCode.OTHER_ITEM)


class WordResult(StrEnum):
    """Result of an AppRec or reply from a record system.

    SENT to the partner, ALREADY_KNOWN (a repeat), or NEEDS_PERSON because it contradicts what the partner was already
    told.
    """

    SENT = "sent"
    ALREADY_KNOWN = "known"
    NEEDS_PERSON = "called"
