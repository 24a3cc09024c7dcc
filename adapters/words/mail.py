"""What is said about mails."""

from adapters.words.language import Row
from engine.codes.mail import MailCode as Code

MAIL: dict[str, Row] = {
    # why a mail is no message that anyone could answer
    Code.TOO_LARGE: (
        "E-posten er større enn {most} byte.",
        "E-posten er større enn {most} byte.",
        "The mail is larger than {most} bytes.",
    ),
    Code.NO_CONTENT_TYPE: (
        "E-posten har ingen Content-Type.",
        "E-posten har ingen Content-Type.",
        "The mail has no Content-Type.",
    ),
    Code.NOT_MULTIPART: (
        "E-posten er verken multipart/related eller text/xml.",
        "E-posten er verken multipart/related eller text/xml.",
        "The mail is neither multipart/related nor text/xml.",
    ),
    Code.NO_PARTS: ("{type} har ingen deler.", "{type} har ingen delar.", "The {type} has no parts."),
    Code.NO_BOUNDARY: (
        "{type} har ingen grense (boundary) som kan brukes.",
        "{type} har inga grense (boundary) som kan brukast.",
        "The {type} has no boundary that can be used.",
    ),
    Code.TOO_MANY_PARTS: (
        "E-posten har flere enn {most} MIME-deler.",
        "E-posten har fleire enn {most} MIME-delar.",
        "The mail has more than {most} MIME parts.",
    ),
    Code.LARGE_HEADER: (
        "Et hode i e-posten er større enn {most} byte.",
        "Eit hovud i e-posten er større enn {most} byte.",
        "A header of the mail is larger than {most} bytes.",
    ),
    Code.LONG_CONTENT_TYPE: (
        "En Content-Type i e-posten er lengre enn {most} byte.",
        "Ein Content-Type i e-posten er lengre enn {most} byte.",
        "A Content-Type in the mail is longer than {most} bytes.",
    ),
    Code.ROOT_NOT_XML: (
        "Hoveddelen av e-posten er ikke text/xml.",
        "Hovuddelen av e-posten er ikkje text/xml.",
        "The root part of the mail is not text/xml.",
    ),
    Code.SOAP_NOT_DECODED: (
        "SOAP-delen kan ikke dekodes. {why}",
        "SOAP-delen kan ikkje dekodast. {why}",
        "The SOAP part cannot be decoded. {why}",
    ),
    Code.SOAP_NOT_XML: (
        "SOAP-delen kan ikke leses. {why}",
        "SOAP-delen kan ikkje lesast. {why}",
        "The SOAP part cannot be read. {why}",
    ),
    Code.NOT_AN_ENVELOPE: (
        "SOAP-delen er ingen ebXML-konvolutt.",
        "SOAP-delen er ingen ebXML-konvolutt.",
        "The SOAP part is no ebXML envelope.",
    ),
    Code.NOT_EBXML: (
        "Dette er ingen ebXML-melding som kan leses. {why}",
        "Dette er inga ebXML-melding som kan lesast. {why}",
        "This is no ebXML message that can be read. {why}",
    ),
    Code.REPORT_WITHOUT_STATUS: (
        "Leveringsrapporten har ingen leveringsstatus.",
        "Leveringsrapporten har ingen leveringsstatus.",
        "The delivery report has no delivery status.",
    ),
    Code.STATUS_WITHOUT_ACTION: (
        "Leveringsstatusen i rapporten mangler Action.",
        "Leveringsstatusen i rapporten manglar Action.",
        "The delivery status in the report has no Action.",
    ),
    Code.TWO_REASONS: ("{first} {second}", "{first} {second}", "{first} {second}"),
    Code.AUTOMATIC_REPLY: (
        "{why} Det er et automatisk svar.",
        "{why} Det er eit automatisk svar.",
        "{why} It is an automatic reply.",
    ),
    # what is wrong with a part
    Code.TYPE_NOT_XML: (
        "Parameteren type i multipart/related er ikke text/xml.",
        "Parameteren type i multipart/related er ikkje text/xml.",
        "The type parameter of multipart/related is not text/xml.",
    ),
    Code.UNKNOWN_ENCODING: (
        "Delen har en Content-Transfer-Encoding som ikke er kjent.",
        "Delen har ein Content-Transfer-Encoding som ikkje er kjend.",
        "The part has a Content-Transfer-Encoding that is not known.",
    ),
    Code.NOT_BASE64: ("Delen er ikke base64.", "Delen er ikkje base64.", "The part is not base64."),
    # why a mail was refused
    Code.REFUSED: (
        "{error}, regel {rule}: {what}",
        "{error}, regel {rule}: {what}",
        "{error}, rule {rule}: {what}",
    ),
    # what a bounce says and means
}
