"""The judge of the kill proof: what the partner sent and got, against the folders that record systems read.

It stands outside. Nothing that the engine says of itself clears it of a loss; its rows are only asked whether all has
come to rest, and whether what has not has an owner and a deadline.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from engine.msh import constants as c
from engine.names import OPERATOR
from engine.states.delivery import FINAL_STATES
from engine.states.inbound import OWNER_OF
from tests.fakes.kills.letters import Got
from tests.fakes.kills.partner import Partner

_UNFINISHED = "SELECT kind, subject FROM work WHERE lease IS NOT NULL OR kind IN ('motta', 'innboks', 'send')"


@dataclass(frozen=True)
class Verdict:
    """What was found wrong, in sentences; each list is empty where the promise held."""

    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    astray: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """Say whether nothing is wrong."""
        return not (self.lost or self.doubled or self.astray)

    def __str__(self) -> str:
        return f"{len(self.lost)} lost, {len(self.doubled)} doubled, {len(self.astray)} astray"


def judge(partner: Partner, inbox: Path, left: dict[str, bytes], url: str) -> Verdict:
    """Hold all that was sent against all that arrived, both ways.

    `inbox` is the folder of the party's record system (HER-ID/), `left` what that put into out/ or people approved, by
    MsgId; its bytes are b'' where only the engine writes them.
    """
    lost, doubled = _inbox(partner, inbox)
    receipts = _receipts(partner)
    sent = _sent(partner, left)
    return Verdict(
        (*lost, *receipts.lost, *sent.lost),
        (*doubled, *receipts.doubled, *sent.doubled),
        (*_folders(inbox), *_rows(url)),
    )


def documents(partner: Partner) -> dict[str, list[Got]]:
    """Return the documents that the engine sent to the partner, by MsgId."""
    found = defaultdict(list)
    for got in partner.got:
        if got.document and not got.is_apprec:
            found[got.msg_id].append(got)
    return found


def _inbox(partner: Partner, inbox: Path) -> tuple[list[str], list[str]]:
    """Hold what was taken against the inbox: each document once, byte for byte."""
    held = defaultdict(list)
    for metadata in (inbox / "in").glob("[!.]*/metadata.json"):
        held[json.loads(metadata.read_text("utf-8"))["msg_id"]].append(metadata.parent)
    lost, doubled = [], []
    for msg_id, deviation in partner.deviations.items():
        folders = held.pop(msg_id, [])
        if deviation.taken and not folders:
            lost.append(f"{msg_id}: a mail was taken and no folder holds it")
        if len(folders) > 1:
            doubled.append(f"{msg_id}: stands in {len(folders)} folders")
        lost += [f"{msg_id}: other bytes" for each in folders if _document(each) != deviation.document]
    doubled += [f"{msg_id}: nobody sent it" for msg_id in held]
    return lost, doubled


def _receipts(partner: Partner) -> Verdict:
    """Hold the receipts against what was taken: one Acknowledgment and one AppRec each, always the same bytes."""
    acknowledged, receipted = defaultdict(set), defaultdict(set)
    for got in partner.got:
        if got.action == c.ACKNOWLEDGMENT:
            acknowledged[got.ref_to].add((got.message_id, got.entity))
        elif got.is_apprec:
            receipted[got.root.findtext(".//{*}OriginalMsgId/{*}Id")].add((got.message_id, got.entity))
    lost, doubled = [], []
    for msg_id, deviation in partner.deviations.items():
        found = {"Acknowledgment": acknowledged[deviation.message_id], "AppRec": receipted[msg_id]}
        for name, kept in found.items() if deviation.taken else ():
            if not kept:
                lost.append(f"{msg_id}: no {name} came back")
            if len(kept) > 1:
                doubled.append(f"{msg_id}: {len(kept)} different {name}s came back")
    errors = [got for got in partner.got if got.action == c.MESSAGE_ERROR]
    lost += [f"a MessageError about {got.ref_to}" for got in errors]
    return Verdict(tuple(lost), tuple(doubled), ())


def _sent(partner: Partner, left: dict[str, bytes]) -> Verdict:
    """Hold what the record system left against what came: each document under one MessageId, in the same bytes."""
    came = documents(partner)
    lost = [f"{msg_id}: decided on and never sent" for msg_id in left if not any(g.said_250 for g in came[msg_id])]
    lost += [f"{msg_id}: other bytes" for msg_id, data in left.items() if data and _other(came[msg_id], data)]
    doubled = [
        f"{msg_id}: sent as {len(envelopes)} different envelopes"
        for msg_id, each in came.items()
        if len(envelopes := {(got.message_id, got.entity) for got in each}) > 1
    ]
    doubled += [f"{msg_id}: nobody decided on it" for msg_id in came if msg_id not in left and came[msg_id]]
    return Verdict(tuple(lost), tuple(doubled), ())


def _other(came: Iterable[Got], data: bytes) -> bool:
    return any(got.document != data for got in came)


def _folders(inbox: Path) -> list[str]:
    return [
        f"{path.parent.name}/{path.name} was left"
        for folder in ("in/.*", "out/*", "failed/*")
        for path in inbox.glob(folder)
    ]


def _rows(url: str) -> list[str]:
    """Return what has neither come to rest nor an owner and a deadline, and what should not be there at all."""
    found = []
    with psycopg.connect(url) as looking:
        for owner, id, state, deadline in looking.execute("SELECT owner, id, state, deadline FROM inbound"):
            if (state in set(OWNER_OF)) != (deadline is not None):
                found.append(f"mail {id} is {state} with deadline {deadline}")
            if state in OWNER_OF or owner == OPERATOR:
                found.append(f"mail {id} is still {state}, owner {owner}")
        for id, state, deadline in looking.execute("SELECT id, state, deadline FROM outbound"):
            if (state in FINAL_STATES) != (deadline is None):
                found.append(f"message {id} is {state} with deadline {deadline}")
        for kind, subject in looking.execute(_UNFINISHED):
            found.append(f"work {kind} on {subject} was never finished")
        for cause, text in looking.execute("SELECT cause, text FROM task WHERE done_at IS NULL AND role = 'drift'"):
            found.append(f"a task is open: {cause}. {text}")
    return found


def _document(folder: Path) -> bytes:
    return (folder / "document.xml").read_bytes()
