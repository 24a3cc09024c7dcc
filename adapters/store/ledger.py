"""Claims on ids, and refusals sent without a signature to answer to, in a transaction."""

from datetime import datetime, timedelta
from uuid import UUID

from psycopg.rows import DictRow

from adapters.machine import kill_hooks
from adapters.store.session import Session
from engine.codes.database import DatabaseCode
from engine.errors import Unavailable
from engine.names import HerId
from engine.records.messages import Claim, ClaimKind, ClaimOutcome

_TRIES = 3
_HOUR = timedelta(hours=1)


class LedgerRows(Session):
    """The part of a unit of work that is about claimed ids (engine.ports.UnitOfWork)."""

    async def claim(
        self, owner: HerId, kind: ClaimKind, party: HerId, id: str, digest: bytes, answer: UUID | None, now: datetime
    ) -> Claim:
        """Claim an id for this digest, by the unique key of the ledger; say what it held before.

        Waits for a rival transaction that claims the same id. Raises Unavailable should the row come and go.
        """
        key = _key(owner, kind, party, id)
        kill_hooks.reached(kill_hooks.Step.CLAIMING)
        for _ in range(_TRIES):
            if await self._one("claim", **key, digest=digest, answer=answer, now=now):
                return Claim(ClaimOutcome.NEW)
            # The rival's row, if it was removed again in between, is no reason to give up.
            if held := await self._one("held_claim", **key):
                return _claim_of(held, ClaimOutcome.SAME if held["digest"] == digest else ClaimOutcome.OTHER)
        raise Unavailable(DatabaseCode.UNDECIDED)

    async def look_up_claim(self, owner: HerId, kind: ClaimKind, party: HerId, id: str) -> Claim | None:
        """Return the claim on an id as SAME with its answer, or None; claims nothing."""
        held = await self._one("held_claim", **_key(owner, kind, party, id))
        return _claim_of(held, ClaimOutcome.SAME) if held else None

    async def set_claim_answer(self, owner: HerId, kind: ClaimKind, party: HerId, id: str, answer: UUID) -> None:
        """Record the answer that a later duplicate gets."""
        await self._count("set_claim_answer", {**_key(owner, kind, party, id), "answer": answer})

    async def may_refuse(self, party: HerId, message_id: str, now: datetime, most_an_hour: int) -> bool:
        """Say whether an unauthenticated refusal may be sent, and count it if so.

        Once an id for ever, and at most `most_an_hour` in the hour before `now`, also with many nodes asking at once.
        """
        await self._all("lock_refusals", party=party)
        sent = await self._one("refusals_since", party=party, since=now - _HOUR)
        if sent is None or sent["sent"] >= most_an_hour:
            return False
        return await self._one("add_refusal", party=party, message_id=message_id, now=now) is not None


def _key(owner: HerId, kind: ClaimKind, party: HerId, id: str) -> dict[str, str]:
    return {"owner": owner, "kind": kind.value, "party": party, "id": id}


def _claim_of(held: DictRow, outcome: ClaimOutcome) -> Claim:
    return Claim(outcome, held["answer"], held["claimed_at"])
