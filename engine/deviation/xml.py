"""The XML of a deviation, as schemas/xsd/deviation.xsd describes it. Written and read in one strict order."""

from collections.abc import Iterable
from datetime import date, datetime

from lxml import etree

from engine.codes.deviation import DeviationCode
from engine.codes.document import DocumentCode
from engine.deviation.fields import (
    FILE_NAME,
    MIME_TYPE,
    NAMESPACE,
    AgreementPoint,
    Answer,
    CaseReference,
    Deviation,
    DeviationKind,
    MessageReference,
    PatientInformed,
    Period,
    Severity,
    complaints,
)
from engine.errors import PayloadFault, Refused
from engine.payload.attachment import Attachment
from engine.payload.cursor import Cursor
from engine.payload.elements import add, new_root, place, root_of, serialise
from engine.schemas import DocumentKind, Schemas
from engine.times import exact_time, read_date, read_time
from engine.xml import XmlLimits

LIMITS = XmlLimits(most_bytes=4_000_000, most_depth=8, most_nodes=2_000)
"""What one deviation may cost: room for every field at its longest, and little more."""


def write_deviation(deviation: Deviation) -> bytes:
    """Return the deviation as XML in UTF-8 with an XML declaration; times keep their zone.

    Raises Refused, naming the field, where one is missing, too long or cannot be written as XML; ValueError for a
    time without zone.
    """
    wrong = list(complaints(deviation))
    if wrong:
        raise Refused(DeviationCode.NOT_SENDABLE, complaints=wrong)
    root = new_root(NAMESPACE, "Deviation")
    add(root, "Kind", deviation.kind)
    add(root, "CaseNumber", deviation.case_number)
    add(root, "Contact", deviation.contact)
    add(root, "QualityAssured", _boolean(deviation.quality_assured))
    add(root, "InformationOnly", _boolean(deviation.information_only))
    add(root, "Title", deviation.title)
    add(root, "Severity", deviation.severity)
    _add_happened(root, deviation.happened)
    _add_if(root, "Department", deviation.department)
    _add_if(root, "Place", deviation.place)
    for point in deviation.agreement_points:
        _add_point(root, point)
    add(root, "Description", deviation.description)
    _add_if(root, "Consequence", deviation.consequence)
    _add_if(root, "ImmediateMeasure", deviation.measure)
    _add_if(root, "Suggestion", deviation.suggestion)
    _add_if(root, "PatientInformed", deviation.patient_informed)
    _add_if(root, "AnswerBy", deviation.answer_by.isoformat() if deviation.answer_by else "")
    _add_message(root, deviation.message)
    for reference in deviation.own_references:
        _add_reference(root, reference)
    add_answer(root, deviation.answer)
    return serialise(root)


def read_deviation(xml: bytes, schemas: Schemas | None = None) -> Deviation:
    """Return the deviation that the XML says; with `schemas` it is checked first against that of a deviation.

    Raises PayloadFault T01 where the bytes are no XML that we read, T10 where the root is no Deviation of version 1,
    and T02, naming the place, where an element is missing, unknown, out of order, or holds what it must not, or where
    the schema does not accept it.
    """
    root = root_of(xml, LIMITS)
    if schemas is not None:
        _check(root, schemas)
    if root.tag != f"{{{NAMESPACE}}}Deviation":
        raise PayloadFault("T10", "/", DocumentCode.NOT_A_DEVIATION, namespace=NAMESPACE)
    deviation = _deviation(Cursor(root))
    for wrong in complaints(deviation):
        raise PayloadFault("T02", place(root), wrong)
    return deviation


def deviation_in(attachments: Iterable[Attachment]) -> tuple[Deviation, bytes] | None:
    """Return the deviation among a document's attachments, with its bytes; None where none can be read."""
    for attachment in attachments:
        if attachment.name == FILE_NAME and attachment.mime_type == MIME_TYPE:
            try:
                return read_deviation(attachment.content), attachment.content
            except Exception:  # the message is accepted: no attachment, whatever it holds, may stop it now
                return None
    return None


def _check(root: etree._Element, schemas: Schemas) -> None:
    """Raise PayloadFault T02 for the first place where the schema does not accept the document."""
    try:
        faults = schemas.check(DocumentKind.DEVIATION, root)
    except etree.XMLSchemaValidateError:
        raise PayloadFault("T02", "/", DocumentCode.NOT_CHECKED) from None
    for fault in faults:
        raise PayloadFault("T02", fault.path, fault.said)


def _deviation(cursor: Cursor) -> Deviation:
    kind = cursor.coded("Kind", DeviationKind)
    case_number, contact = cursor.text("CaseNumber"), cursor.text("Contact")
    quality_assured, information_only = cursor.boolean("QualityAssured"), cursor.boolean("InformationOnly")
    title, severity = cursor.text("Title"), cursor.coded("Severity", Severity)
    happened = _happened(cursor.below("Happened"))
    department, where = cursor.optional_text("Department"), cursor.optional_text("Place")
    points = tuple(_point(each) for each in cursor.all("AgreementPoint"))
    description, consequence = cursor.text("Description"), cursor.optional_text("Consequence")
    measure, suggestion = cursor.optional_text("ImmediateMeasure"), cursor.optional_text("Suggestion")
    informed = cursor.coded("PatientInformed", PatientInformed) if cursor.at("PatientInformed") else None
    answer_by = cursor.value("AnswerBy", read_date) if cursor.at("AnswerBy") else None
    message = _message(cursor.below("Message")) if cursor.at("Message") else None
    references = tuple(_reference(each) for each in cursor.all("OwnReference"))
    answer = read_answer(cursor.below("Answer")) if cursor.at("Answer") else None
    cursor.end()
    return Deviation(
        kind=kind,
        case_number=case_number,
        contact=contact,
        quality_assured=quality_assured,
        title=title,
        description=description,
        severity=severity,
        information_only=information_only,
        happened=happened,
        department=department,
        place=where,
        agreement_points=points,
        consequence=consequence,
        measure=measure,
        suggestion=suggestion,
        answer_by=answer_by,
        message=message,
        own_references=references,
        patient_informed=informed,
        answer=answer,
    )


def _happened(cursor: Cursor) -> datetime | date | Period | None:
    found: datetime | date | Period | None = None
    if cursor.at("At"):
        found = cursor.value("At", read_time)
    elif cursor.at("On"):
        found = cursor.value("On", read_date)
    elif cursor.at("During"):
        found = Period(cursor.text("During"))
    else:
        cursor.below("Unknown").end()
    cursor.end()
    return found


def _point(cursor: Cursor) -> AgreementPoint:
    found = AgreementPoint(cursor.text("Agreement"), cursor.optional_text("Point"))
    cursor.end()
    return found


def _message(cursor: Cursor) -> MessageReference:
    kind, msg_id = cursor.text("Type"), cursor.text("MsgId")
    found = MessageReference(kind, msg_id, cursor.value("SentAt", read_time) if cursor.at("SentAt") else None)
    cursor.end()
    return found


def _reference(cursor: Cursor) -> CaseReference:
    found = CaseReference(cursor.text("System"), cursor.text("Number"))
    cursor.end()
    return found


def read_answer(cursor: Cursor) -> Answer:
    """Return the answer that an Answer element says. Raises PayloadFault T02."""
    assessment, cause = cursor.text("Assessment"), cursor.optional_text("Cause")
    measures, responsible = cursor.optional_text("Measures"), cursor.optional_text("Responsible")
    done_by = cursor.value("DoneBy", read_date) if cursor.at("DoneBy") else None
    cursor.end()
    return Answer(assessment, cause, measures, responsible, done_by)


def _boolean(value: bool) -> str:  # noqa: FBT001 - a conversion, not a switch
    return "true" if value else "false"


def _add_if(parent: etree._Element, name: str, text: str | None) -> None:
    if text:
        add(parent, name, text)


def _add_happened(root: etree._Element, happened: datetime | date | Period | None) -> None:
    element = add(root, "Happened")
    match happened:
        case None:
            add(element, "Unknown")
        case Period():
            add(element, "During", happened.text)
        case datetime():
            add(element, "At", exact_time(happened))
        case date():
            add(element, "On", happened.isoformat())


def _add_point(root: etree._Element, point: AgreementPoint) -> None:
    element = add(root, "AgreementPoint")
    add(element, "Agreement", point.agreement)
    _add_if(element, "Point", point.point)


def _add_message(root: etree._Element, message: MessageReference | None) -> None:
    if message is None:
        return
    element = add(root, "Message")
    add(element, "Type", message.type)
    add(element, "MsgId", message.msg_id)
    _add_if(element, "SentAt", exact_time(message.sent_at) if message.sent_at else "")


def _add_reference(root: etree._Element, reference: CaseReference) -> None:
    element = add(root, "OwnReference")
    add(element, "System", reference.system)
    add(element, "Number", reference.number)


def add_answer(root: etree._Element, answer: Answer | None) -> None:
    """Append an answer, if there is one."""
    if answer is None:
        return
    element = add(root, "Answer")
    add(element, "Assessment", answer.assessment)
    _add_if(element, "Cause", answer.cause)
    _add_if(element, "Measures", answer.measures)
    _add_if(element, "Responsible", answer.responsible)
    _add_if(element, "DoneBy", answer.done_by.isoformat() if answer.done_by else "")
