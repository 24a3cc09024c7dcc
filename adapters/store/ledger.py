"""Claims on ids, and the count of answers that a stranger could call for, in a transaction."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from psycopg.rows import DictRow

from adapters.machine import kill_hooks
from adapters.store.session import Session
from engine.codes.database import DatabaseCode
from engine.errors import Unavailable
from engine.names import HerId
from engine.records.messages import Answering, AnswerKind, Claim, ClaimKind, ClaimOutcome

_TRIES = 3
_HOUR = timedelta(hours=1)


class LedgerRows(Session):
    """The part of a unit of work that is about claimed ids (engine.ports.UnitOfWork)."""

    async def claim(
        self, owner: HerId, kind: ClaimKind, party: HerId, id: str, digest: bytes, answer: UUID | None, now: datetime
    ) -> Claim:
        """Claim an id for this digest; return whether it was new, or claimed before for the same or another digest.

        Waits for another transaction that claims the same id. Raises Unavailable when its row comes and goes.
        """
        key = _key(owner, kind, party, id)
        kill_hooks.reached(kill_hooks.Step.CLAIMING)
        for _ in range(_TRIES):
            if await self._one("claim", **key, digest=digest, answer=answer, now=now):
                return Claim(ClaimOutcome.NEW)
            # The other transaction may have removed its row again: try once more.
            if held := await self._held_claim(key):
                return _claim_of(held, ClaimOutcome.SAME if held["digest"] == digest else ClaimOutcome.OTHER)
        raise Unavailable(DatabaseCode.UNDECIDED)

    async def look_up_claim(self, owner: HerId, kind: ClaimKind, party: HerId, id: str) -> Claim | None:
        """Return the claim on an id as SAME with its answer, or None; claims nothing."""
        held = await self._held_claim(_key(owner, kind, party, id))
        return _claim_of(held, ClaimOutcome.SAME) if held else None

    async def _held_claim(self, key: Mapping[str, str]) -> DictRow | None:
        held = await self._one("held_claim", **key)
        if held is not None and held["just_now"]:
            # Another piece of work has claimed it in a transaction that we share: what it answers is not known yet.
            self._statements.insist_alone()
        return held

    async def set_claim_answer(self, owner: HerId, kind: ClaimKind, party: HerId, id: str, answer: UUID) -> None:
        """Record the answer that a later duplicate gets."""
        await self._count("set_claim_answer", {**_key(owner, kind, party, id), "answer": answer})

    async def may_answer(
        self, kind: AnswerKind, party: HerId, message_id: str, digest: bytes, now: datetime, most_an_hour: int
    ) -> Answering:
        """Say whether a party may be answered; DUE is counted at once.

        Each id and digest is answered once, ever. A party gets at most `most_an_hour` answers of a kind in the hour
        before `now`, however many nodes ask at the same time.
        """
        whom = {"kind": kind.value, "party": party}
        await self._all("lock_refusals", **whom)
        which = {**whom, "message_id": message_id, "digest": digest}
        if await self._one("has_refusal", **which):
            return Answering.GIVEN
        sent = await self._one("refusals_since", **whom, since=now - _HOUR)
        if sent is None or sent["sent"] >= most_an_hour:
            return Answering.ENOUGH
        await self._count("add_refusal", {**which, "now": now})
        return Answering.DUE

    async def forget_answers(self, before: datetime) -> int:
        """Forget which answers were given before a time; return how many."""
        return await self._count("forget_answers", {"before": before})


def _key(owner: HerId, kind: ClaimKind, party: HerId, id: str) -> dict[str, str]:
    return {"owner": owner, "kind": kind.value, "party": party, "id": id}


def _claim_of(held: DictRow, outcome: ClaimOutcome) -> Claim:
    return Claim(outcome, held["answer"], held["claimed_at"])
