"""The rules of the message service, one row a rule (transport.md F.3): what must hold, and the error if it does not.

Whoever finds a fault names the row; code, severity and location come from here. Rules 5 to 13, which are about what an
envelope says, are checked in engine.msh.checks; the others where bytes are read (mime, signature, trust, encryption).
Rule 10 has no row: it would only note a RefToMessageId that is not known, which nobody asks for.
"""

from dataclasses import dataclass

from engine.codes.statement import Code, Statement
from engine.errors import EbxmlCode, Finding, PartnerFault, Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. `number` is that of transport.md F.3, `holds` what must hold, `location` where it is usually broken."""

    number: str
    holds: str
    severity: Severity
    code: EbxmlCode
    location: str


_E, _W, _C = Severity.ERROR, Severity.WARNING, EbxmlCode

RULES: dict[str, Rule] = {
    "soap part": Rule("1", "the mail has an ebXML SOAP part", _E, _C.MIME_PROBLEM, "mail"),
    "mime": Rule("2", "the MIME structure is that of the profile", _E, _C.MIME_PROBLEM, "mail"),
    "xml": Rule("3", "the envelope is well-formed XML without DTD", _E, _C.OTHER_XML, "//Envelope"),
    "schema": Rule("4", "the header is as the schema wants it", _E, _C.OTHER_XML, "//Envelope"),
    "schema, lenient": Rule("4", "the header is as the schema wants it", _W, _C.OTHER_XML, "//Envelope"),
    "version": Rule("5", "every block is of version 2.0", _E, _C.INCONSISTENT, "//MessageHeader/@version"),
    "party": Rule("6", "From and To name one HER-id each", _E, _C.VALUE_NOT_RECOGNIZED, "//PartyId"),
    "other parties": Rule("7", "the HER-id stands alone", _W, _C.INCONSISTENT, "//PartyId"),
    "cpa": Rule("8", "the CPAId is known and valid", _E, _C.VALUE_NOT_RECOGNIZED, "xpointer(//MessageHeader/CPAId)"),
    "cpa, lenient": Rule(
        "8", "the CPAId is the agreed one", _W, _C.VALUE_NOT_RECOGNIZED, "xpointer(//MessageHeader/CPAId)"
    ),
    "service": Rule("9", "the Service is agreed", _E, _C.INCONSISTENT, "//Service"),
    "action": Rule("9", "the Service has the Action", _E, _C.VALUE_NOT_RECOGNIZED, "//Action"),
    "action, lenient": Rule("9", "the Action is in the CPA", _W, _C.VALUE_NOT_RECOGNIZED, "//Action"),
    "role": Rule("9", "the Roles are those of the Action", _E, _C.INCONSISTENT, "//Role"),
    "role, lenient": Rule("9", "the Roles are those of the Action", _W, _C.INCONSISTENT, "//Role"),
    "own action": Rule("9", "of the service's own Actions only receipts come", _E, _C.NOT_SUPPORTED, "//Action"),
    "time to live": Rule(
        "11", "the message is not past its time", _E, _C.TIME_TO_LIVE_EXPIRED, "//MessageData/TimeToLive"
    ),
    "timestamp": Rule("11", "the message was written before it came", _E, _C.INCONSISTENT, "//MessageData/Timestamp"),
    "timestamp, lenient": Rule(
        "11", "the message was written before it came", _W, _C.INCONSISTENT, "//MessageData/Timestamp"
    ),
    "next hop": Rule("12", "no answer is asked of the next hop", _E, _C.NOT_SUPPORTED, "//AckRequested/@actor"),
    "actor": Rule("12", "a block is for an actor of the standard", _E, _C.INCONSISTENT, "//AckRequested/@actor"),
    "order": Rule("12", "no order of messages is asked for", _E, _C.NOT_SUPPORTED, "//MessageOrder"),
    "must understand": Rule("12", "what must be understood is known", _E, _C.NOT_SUPPORTED, "//Header"),
    "agreed": Rule("13", "what is asked for agrees with the agreement", _W, _C.INCONSISTENT, "//MessageHeader"),
    "manifest": Rule("14", "the Manifest names each part once", _E, _C.MIME_PROBLEM, "//Manifest"),
    "signature": Rule("15", "one signature of the profile is valid", _E, _C.SECURITY_FAILURE, "//Header/Signature"),
    "signature, lenient": Rule("15", "the signature is of the profile", _W, _C.SECURITY_FAILURE, "//Header/Signature"),
    "unsigned block": Rule("15", "nothing stands outside what is signed", _W, _C.INCONSISTENT, "//Header/SyncReply"),
    "coverage": Rule("16", "the signature covers every attachment", _E, _C.SECURITY_FAILURE, "cid:"),
    "digests, lenient": Rule(
        "16", "an Acknowledgment copies the digests", _W, _C.INCONSISTENT, "//Acknowledgment/Reference"
    ),
    "certificate": Rule("17", "the signer is registered and valid", _E, _C.SECURITY_FAILURE, "//Header/Signature"),
    "weak": Rule("18", "the algorithms are strong", _E, _C.SECURITY_FAILURE, "//Header/Signature"),
    "weak, agreed": Rule("18", "the algorithms are strong", _W, _C.SECURITY_FAILURE, "//Header/Signature"),
    "cms": Rule("19", "the attachment decrypts", _E, _C.SECURITY_FAILURE, "cid:"),
    "gzip": Rule("20", "the attachment unpacks", _E, _C.SECURITY_FAILURE, "cid:"),
    "internal": Rule("21", "we can keep the message", _E, _C.DELIVERY_FAILURE, "//Envelope"),
    "other": Rule("22", "nothing else is wrong", _E, _C.UNKNOWN, "//Envelope"),
}


def finding(rule: str, said: Code | Statement, location: str = "", /, **params: object) -> Finding:
    """Return what is found where a rule does not hold; `said` may be sent to the partner and repeats no content."""
    row = RULES[rule]
    statement = Statement.of(said, **params) if isinstance(said, Code) else said
    return Finding(row.number, row.code, row.severity, location or row.location, statement)


def fault(rule: str, said: Code | Statement, location: str = "", /, **params: object) -> PartnerFault:
    """Return a finding as the fault that stops the message."""
    return PartnerFault(finding(rule, said, location, **params))
