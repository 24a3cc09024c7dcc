"""What is said about the fields of a deviation."""

from adapters.words.language import Row
from engine.codes.deviation import DeviationCode as Code
from engine.deviation.labels import LABELS


def _row(key: str) -> Row:
    found = LABELS[key]
    return found["nb"], found["nn"], found["en"]


FIELDS: dict[str, Row] = {
    "CaseNumber": _row("case_number"),
    "Contact": _row("contact"),
    "Title": _row("title"),
    "Description": _row("description"),
    "Department": _row("department"),
    "Place": _row("place"),
    "Consequence": _row("consequence"),
    "ImmediateMeasure": _row("measure"),
    "Suggestion": _row("suggestion"),
    "Text": _row("text"),
    "Happened/During": _row("happened"),
    "AgreementPoint": _row("agreement_points"),
    "AgreementPoint/Agreement": _row("agreement_points"),
    "AgreementPoint/Point": _row("agreement_points"),
    "OwnReference": _row("own_references"),
    "OwnReference/System": _row("own_references"),
    "OwnReference/Number": _row("own_references"),
    "Message/Type": _row("message"),
    "Message/MsgId": _row("message"),
    "Answer/Assessment": _row("answer_assessment"),
    "Answer/Cause": _row("answer_cause"),
    "Answer/Measures": _row("answer_measures"),
    "Answer/Responsible": _row("answer_responsible"),
}
"""Fields as they are called in the XML, and their headings in the document that people read."""


DEVIATION: dict[str, Row] = {
    Code.NOT_SENDABLE: (
        "Avviket kan ikke sendes. {complaints}",
        "Avviket kan ikkje sendast. {complaints}",
        "The deviation cannot be sent. {complaints}",
    ),
    Code.FOLLOW_UP_NOT_SENDABLE: (
        "Meldingen kan ikke sendes. {complaints}",
        "Meldinga kan ikkje sendast. {complaints}",
        "The message cannot be sent. {complaints}",
    ),
    Code.MISSING: (
        "«{field:field}» mangler ({field}).",
        "«{field:field}» manglar ({field}).",
        "“{field:field}” is missing ({field}).",
    ),
    Code.TOO_LONG: (
        "«{field:field}» er på {length} tegn; høyst {most} er tillatt ({field}).",
        "«{field:field}» er på {length} teikn; høgst {most} er tillate ({field}).",
        "“{field:field}” has {length} characters; at most {most} are allowed ({field}).",
    ),
    Code.TOO_MANY: (
        "«{field:field}» har {count} rader; høyst {most} er tillatt ({field}).",
        "«{field:field}» har {count} rader; høgst {most} er tillate ({field}).",
        "“{field:field}” has {count} rows; at most {most} are allowed ({field}).",
    ),
}
