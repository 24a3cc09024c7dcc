"""What is said about XML and the identifiers in it."""

from adapters.words.language import Row
from engine.codes.xml import NameCode, XmlCode

XML: dict[str, Row] = {
    XmlCode.NOT_WELL_FORMED: (
        "XML-en er ikke velformet (linje {line}).",
        "XML-en er ikkje velforma (linje {line}).",
        "The XML is not well-formed (line {line}).",
    ),
    XmlCode.MORE_THAN_TEXT: (
        "{element} skal bare ha tekst.",
        "{element} skal berre ha tekst.",
        "{element} must hold nothing but text.",
    ),
    XmlCode.TOO_LARGE: (
        "XML-en er større enn {most} byte.",
        "XML-en er større enn {most} byte.",
        "The XML is larger than {most} bytes.",
    ),
    XmlCode.ENCODING: (
        "XML-en har en tegnkoding som ikke støttes. Bruk UTF-8.",
        "XML-en har ei teiknkoding som ikkje er støtta. Bruk UTF-8.",
        "The XML has an encoding that is not supported. Use UTF-8.",
    ),
    XmlCode.DTD: (
        "XML-en har en dokumenttype (DTD), som ikke er tillatt.",
        "XML-en har ein dokumenttype (DTD), som ikkje er tillaten.",
        "The XML has a document type declaration (DTD), which is not allowed.",
    ),
    XmlCode.TOO_DEEP: (
        "XML-en er nøstet dypere enn {most} elementer.",
        "XML-en er nøsta djupare enn {most} element.",
        "The XML is nested deeper than {most} elements.",
    ),
    XmlCode.TOO_MANY_ATTRIBUTES: (
        "Et element i XML-en har flere enn {most} attributter.",
        "Eit element i XML-en har fleire enn {most} attributt.",
        "An element of the XML has more than {most} attributes.",
    ),
    XmlCode.TOO_MANY_DECLARATIONS: (
        "Det er flere enn {most} navneromserklæringer i dokumentet.",
        "Det er fleire enn {most} namneromserklæringar i dokumentet.",
        "The document has more than {most} namespace declarations.",
    ),
    XmlCode.LONG_PREFIX: (
        "Et navneromsprefiks er lengre enn {most} tegn.",
        "Eit namneromsprefiks er lengre enn {most} teikn.",
        "A namespace prefix is longer than {most} characters.",
    ),
    XmlCode.LONG_NAME: (
        "Et navn i XML-en er lengre enn {most} tegn.",
        "Eit namn i XML-en er lengre enn {most} teikn.",
        "A name in the XML is longer than {most} characters.",
    ),
    XmlCode.TOO_MANY_NODES: (
        "XML-en har flere enn {most} noder.",
        "XML-en har fleire enn {most} nodar.",
        "The XML has more than {most} nodes.",
    ),
    NameCode.NOT_A_HER_ID: (
        "En HER-id skal være et helt tall på ett til ti sifre, uten ledende null.",
        "Ein HER-id skal vere eit heilt tal på eitt til ti siffer, utan null først.",
        "A HER-id must be a whole number of one to ten digits without leading zero.",
    ),
    NameCode.EMPTY: ("{kind} er tom.", "{kind} er tom.", "{kind} is empty."),
    NameCode.NOT_AN_ID: (
        "{kind} er for lang, eller har kontrolltegn.",
        "{kind} er for lang, eller har kontrollteikn.",
        "{kind} is too long, or holds control characters.",
    ),
}
