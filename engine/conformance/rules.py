"""The profile rules of business documents, one row a rule: what a schema does not catch (payload.md B, H).

Strict for what goes out, by us or by a record system of ours: an Error there stops the document. Tolerant for what we
receive: a Warning is only noted. What is said goes to partners and operators, and repeats nothing of the document.
"""

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from engine.agreements.carriers import NEVER
from engine.codes.profile import ProfileCode
from engine.codes.statement import Statement
from engine.conformance.judged import Paper, Way
from engine.deviation.fields import FILE_NAME, MIME_TYPE, NAMESPACE
from engine.deviation.follow_up import FOLLOW_UP_FILE
from engine.errors import Finding, Severity
from engine.payload.apprec import AppRec
from engine.payload.elements import code, namespace_of
from engine.payload.profiles import ABOUT_PATIENT, FUNCTIONS, HELSEFAGLIG

UUID = re.compile(r"\{?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?")
_ZONE = re.compile(r"(Z|[+-]\d\d:\d\d)\Z")
_ACTIVE = frozenset({"script", "style", "iframe", "object", "embed", "form", "link", "meta", "svg"})
_NAMESPACE, _BEGINNING = NAMESPACE.encode(), 2_000
"""What an attachment of ours says at its beginning, whatever it is called."""


Found = Iterator[Statement]
Check = Callable[[Paper], Found]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: what must hold, how severe it is when it does not (by the way of the document), AppRec code and place.

    `check` yields what is wrong each time that it does not hold.
    """

    name: str
    holds: str
    received: Severity
    forwarded: Severity
    written: Severity
    code: str
    path: str
    check: Check


def _type(paper: Paper) -> Found:
    configured = paper.carrier.message_type if paper.carrier else ""
    if paper.head.type not in FUNCTIONS and paper.head.type != configured:
        yield Statement.of(ProfileCode.UNKNOWN_TYPE)


def _encoding(paper: Paper) -> Found:
    declared = (paper.root.getroottree().docinfo.encoding or "").upper()
    if not paper.data.removeprefix(BOM_UTF8).startswith(b"<?xml") or declared != "UTF-8":
        yield Statement.of(ProfileCode.NOT_UTF8)


def _gen_date(paper: Paper) -> Found:
    if not all(_ZONE.search(text) for text in paper.dates):
        yield Statement.of(ProfileCode.NO_ZONE)


def _msg_id(paper: Paper) -> Found:
    if not UUID.fullmatch(paper.head.msg_id):
        yield Statement.of(ProfileCode.NOT_A_UUID, element="MsgId")


def _levels(paper: Paper) -> Found:
    sides = ((ProfileCode.SENDER_LEVELS, paper.head.sender), (ProfileCode.RECEIVER_LEVELS, paper.head.receiver))
    for code_of_side, party in sides:
        if len(party.hers) < 2 and party.lowest not in paper.enterprises:
            yield Statement.of(code_of_side)


def _patient_missing(paper: Paper) -> Found:
    expected = paper.profile is not None and paper.profile.patient
    if expected and not paper.head.has_patient and not paper.without_patient:
        yield Statement.of(ProfileCode.NO_PATIENT)


def _patient_present(paper: Paper) -> Found:
    if paper.head.has_patient and paper.without_patient and (paper.way is not Way.RECEIVED or paper.ours):
        yield Statement.of(ProfileCode.PATIENT)


def _dialog(paper: Paper) -> Found:
    profile, dialog = paper.profile, paper.head.dialog
    if profile is None:
        return
    agreed = paper.carrier is not None and paper.carrier.message_type == paper.head.type
    versions = (*profile.versions, paper.carrier.dialog_version) if agreed and paper.carrier else profile.versions
    if dialog.version not in versions:
        yield Statement.of(ProfileCode.DIALOG_VERSION, version=profile.versions[0])
    if dialog.kind != profile.part:
        yield Statement.of(ProfileCode.DIALOG_PART, part=profile.part)


def _tema(paper: Paper) -> Found:
    profile, dialog, carrier = paper.profile, paper.head.dialog, paper.carrier
    if profile is None:
        return
    name = "TemaKodet" if dialog.kind == "Notat" else "TypeForesp"
    if not all(all(topic) for topic in paper.topics):
        yield Statement.of(ProfileCode.CODE_NOT_WHOLE, element=name)
    known = (carrier.tema_system, carrier.tema_code) if carrier else None
    agreed = paper.head.type != NEVER and (dialog.tema_system, dialog.tema_code) == known
    if dialog.tema_code not in profile.codes.get(dialog.tema_system, frozenset()) and not agreed:
        yield Statement.of(ProfileCode.UNKNOWN_CODE, element=name)


def _contact(paper: Paper) -> Found:
    dialog = paper.head.dialog
    first = paper.head.type == HELSEFAGLIG and paper.head.conversation is None
    if not first or (dialog.tema_system, dialog.tema_code) != ABOUT_PATIENT or paper.without_patient:
        return
    if not any(_is_contact(role) for role in paper.roles):
        yield Statement.of(ProfileCode.NO_CONTACT)


def _is_contact(role: etree._Element) -> bool:
    space = f"{{{namespace_of(role)}}}"
    kinds = [code(found) for found in role.findall(f"{space}RoleToPatient")]
    professions = role.findall(f"{space}HealthcareProfessional/{space}TypeHealthcareProfessional")
    return kinds == ["24"] and any(code(found) for found in professions)


def _thread(paper: Paper) -> Found:
    names = {each.name for each in paper.head.attachments if each.mime_type == MIME_TYPE}
    replies = FOLLOW_UP_FILE in names or (paper.profile is not None and paper.profile.reply)
    if replies and paper.head.conversation is None:
        yield Statement.of(ProfileCode.NO_REFERENCE)
    if FILE_NAME in names and paper.head.conversation is not None:
        yield Statement.of(ProfileCode.REFERENCE)


def _main(paper: Paper) -> Found:
    if paper.kinds[:1] != ("XML",) or "XML" in paper.kinds[1:]:
        yield Statement.of(ProfileCode.MAIN_NOT_FIRST)


def _attachments(paper: Paper) -> Found:
    if any(kind not in {"XML", "A"} for kind in paper.kinds):
        yield Statement.of(ProfileCode.OTHER_DOCUMENT)
    if not all(each.mime_type and each.name for each in paper.head.attachments):
        yield Statement.of(ProfileCode.UNNAMED_FILE)


def _markup(paper: Paper) -> Found:
    if any(len(found) for found in paper.texts):
        yield Statement.of(ProfileCode.MARKUP)


def _script(paper: Paper) -> Found:
    inside = [each for text in paper.texts for each in text.iter(etree.Element)]
    if any(
        etree.QName(each).localname.lower() in _ACTIVE or any(_is_active(*pair) for pair in each.items())
        for each in inside
    ):
        yield Statement.of(ProfileCode.ACTIVE)


def _is_active(name: str | bytes, value: str | bytes) -> bool:
    spoken = re.sub(r"[\s\x00-\x20]", "", str(value)).lower()
    return str(name).lower().startswith("on") or spoken.startswith(("javascript:", "data:", "vbscript:"))


def _never(paper: Paper) -> Found:
    files = paper.head.attachments
    if paper.head.type == NEVER and (paper.ours or any(_NAMESPACE in each.content[:_BEGINNING] for each in files)):
        yield Statement.of(ProfileCode.DEVIATION_AS_FEEDBACK)


def _feedback(paper: Paper) -> Found:
    if paper.head.type != NEVER:
        return
    if not paper.head.dialog.text.strip():
        yield Statement.of(ProfileCode.NO_FEEDBACK_TEXT)
    if paper.head.attachments:
        yield Statement.of(ProfileCode.FEEDBACK_FILES)


_E, _W = Severity.ERROR, Severity.WARNING
_INFO, _DOC = "/MsgHead/MsgInfo", "/MsgHead/Document"
_TEXT = f"{_DOC}/RefDoc/Content/Dialogmelding"

# rule, what holds, its weight in what is received, forwarded and written, code, place, check
RULES: tuple[Rule, ...] = (
    Rule("encoding", "the document is UTF-8 and says so", _W, _E, _E, "T99", "/", _encoding),
    Rule("type", "the message function is known", _W, _E, _E, "T10", f"{_INFO}/Type", _type),
    Rule("gen-date", "the time has a zone", _W, _E, _E, "T99", f"{_INFO}/GenDate", _gen_date),
    Rule("msg-id", "the id is a UUID", _W, _W, _E, "E10", f"{_INFO}/MsgId", _msg_id),
    Rule("thread", "a reply refers, and nothing else does", _W, _E, _E, "X99", f"{_INFO}/ConversationRef", _thread),
    Rule("levels", "each party has HER-ids on two levels", _W, _E, _E, "T99", _INFO, _levels),
    Rule("patient", "a patient where the profile has one", _W, _E, _E, "E36", f"{_INFO}/Patient", _patient_missing),
    Rule("no-patient", "none where the carrier has none", _W, _E, _E, "X99", f"{_INFO}/Patient", _patient_present),
    Rule("main", "the main document is one, and first", _W, _E, _E, "T99", _DOC, _main),
    Rule("attachment", "an attachment says what it is", _W, _E, _E, "T99", f"{_DOC}/RefDoc", _attachments),
    Rule("dialog", "the dialog is that of the function", _W, _E, _E, "T99", _TEXT, _dialog),
    Rule("tema", "the code is whole and of the function's list", _W, _E, _E, "T99", _TEXT, _tema),
    Rule("contact", "a first Helsefaglig dialog names a contact", _W, _E, _E, "X99", _TEXT, _contact),
    Rule("markup", "text is plain", _W, _W, _E, "T99", _TEXT, _markup),
    Rule("script", "text holds nothing active", _W, _E, _E, "T99", _TEXT, _script),
    Rule("feedback", "a HIS 1151 tells what is wrong, in one document", _W, _E, _E, "X99", _TEXT, _feedback),
    Rule("never", "no deviation travels as DIALOG_AVVIK", _E, _E, _E, "T10", f"{_INFO}/Type", _never),
)


def message_findings(paper: Paper) -> tuple[Finding, ...]:
    """Return where a message departs from the rules, as what it is for the way it goes."""
    return tuple(
        Finding(rule.name, rule.code, getattr(rule, paper.way), rule.path, said)
        for rule in RULES
        for said in rule.check(paper)
    )


def apprec_findings(apprec: AppRec) -> tuple[Finding, ...]:
    """Return what is odd in an AppRec that was read; whether its status is known is asked by the reader (T02)."""
    odd: list[tuple[Literal["error", "msg-id"], str, Statement]] = []
    if apprec.status == 2 and not apprec.errors:
        odd.append(("error", "/AppRec/Error", Statement.of(ProfileCode.NO_ERROR)))
    if apprec.status == 1 and apprec.errors:
        odd.append(("error", "/AppRec/Error", Statement.of(ProfileCode.ERROR_WITH_OK)))
    if not all(error.code and error.system for error in apprec.errors):
        odd.append(("error", "/AppRec/Error", Statement.of(ProfileCode.ERROR_NOT_WHOLE)))
    if not UUID.fullmatch(apprec.id):
        odd.append(("msg-id", "/AppRec/Id", Statement.of(ProfileCode.NOT_A_UUID, element="Id")))
    return tuple(Finding(rule, "T99", Severity.WARNING, path, said) for rule, path, said in odd)
