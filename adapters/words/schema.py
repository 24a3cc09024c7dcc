"""What is said about documents that are not as their schema wants them. Partners read the bokmål words."""

from adapters.words.language import Row
from engine.codes.schema import SchemaCode as Code

SHAPES: dict[str, Row] = {
    "dateTime": (
        "et tidspunkt som 2026-11-23T08:00:00+01:00",
        "eit tidspunkt som 2026-11-23T08:00:00+01:00",
        "a time such as 2026-11-23T08:00:00+01:00",
    ),
    "date": ("en dato som 2026-11-23", "ein dato som 2026-11-23", "a date such as 2026-11-23"),
    "duration": ("en varighet som P4D", "ei varigheit som P4D", "a duration such as P4D"),
    "boolean": ("true eller false", "true eller false", "true or false"),
    "integer": ("et helt tall", "eit heilt tal", "a whole number"),
    "int": ("et helt tall", "eit heilt tal", "a whole number"),
    "nonNegativeInteger": (
        "et helt tall som ikke er negativt",
        "eit heilt tal som ikkje er negativt",
        "a whole number that is not negative",
    ),
    "base64Binary": ("base64", "base64", "base64"),
    "anyURI": ("en adresse (URI)", "ei adresse (URI)", "an address (URI)"),
    "ID": ("en identifikator (XML-navn)", "ein identifikator (XML-namn)", "an identifier (an XML name)"),
    "IDREF": (
        "en henvisning til en identifikator (XML-navn)",
        "ei tilvising til ein identifikator (XML-namn)",
        "a reference to an identifier (an XML name)",
    ),
    "language": ("en språkkode som no", "ein språkkode som no", "a code of a language such as no"),
    "QName": ("et XML-navn", "eit XML-namn", "an XML name"),
}
"""What a value of a type looks like."""

SCHEMA: dict[str, Row] = {
    # an element
    Code.ELEMENT: ("Elementet {name}", "Elementet {name}", "The element {name}"),
    Code.UNKNOWN_ELEMENT: ("Et ukjent element", "Eit ukjent element", "An unknown element"),
    Code.SOME_ELEMENT: ("et ukjent element", "eit ukjent element", "an unknown element"),
    Code.ATTRIBUTE: (
        "attributtet {name} på {place}",
        "attributtet {name} på {place}",
        "the attribute {name} of {place}",
    ),
    # the document
    Code.OTHER_ROOT: (
        "Dokumentet er ikke {kind}: det begynner ikke med elementet {root}.",
        "Dokumentet er ikkje {kind}: det byrjar ikkje med elementet {root}.",
        "The document is not {kind}: it does not begin with the element {root}.",
    ),
    Code.TOO_MANY_ELEMENTS: (
        "Dokumentet har flere enn {most} elementer og blir ikke lest.",
        "Dokumentet har fleire enn {most} element og blir ikkje lese.",
        "The document has more than {most} elements and is not read.",
    ),
    # elements
    Code.ENDS_EARLY: (
        "{element} slutter for tidlig: et element mangler.",
        "{element} sluttar for tidleg: eit element manglar.",
        "{element} ends too early: an element is missing.",
    ),
    Code.ENDS_WITHOUT: (
        "{element} slutter for tidlig. Der mangler: {expected}.",
        "{element} sluttar for tidleg. Der manglar: {expected}.",
        "{element} ends too early. Missing is: {expected}.",
    ),
    Code.UNEXPECTED: (
        "{element} er ikke ventet her.",
        "{element} er ikkje venta her.",
        "{element} is not expected here.",
    ),
    Code.UNEXPECTED_IN: (
        "{element} er ikke ventet på den plassen i {place}.",
        "{element} er ikkje venta på den plassen i {place}.",
        "{element} is not expected in that place in {place}.",
    ),
    Code.UNEXPECTED_INSTEAD: (
        "{element} er ikke ventet på den plassen i {place}. Der er ventet: {expected}.",
        "{element} er ikkje venta på den plassen i {place}. Der er venta: {expected}.",
        "{element} is not expected in that place in {place}. Expected there is: {expected}.",
    ),
    Code.NOT_EMPTY: ("{element} skal være tomt.", "{element} skal vere tomt.", "{element} must be empty."),
    Code.TEXT: (
        "{element} kan ikke inneholde tekst her.",
        "{element} kan ikkje innehalde tekst her.",
        "{element} cannot hold text here.",
    ),
    Code.TEXT_BETWEEN: (
        "{element} kan ikke ha tekst mellom elementene.",
        "{element} kan ikkje ha tekst mellom elementa.",
        "{element} cannot have text between its elements.",
    ),
    Code.NOT_ONLY_TEXT: (
        "{element} kan bare inneholde tekst.",
        "{element} kan berre innehalde tekst.",
        "{element} can hold nothing but text.",
    ),
    Code.SAME_ID: (
        "{element} har en identifikator som også står et annet sted.",
        "{element} har ein identifikator som òg står ein annan stad.",
        "{element} has an identifier that also stands elsewhere.",
    ),
    Code.OTHER_TYPE: (
        "{element} sier en xsi:type eller xsi:nil som ikke passer der.",
        "{element} seier ein xsi:type eller xsi:nil som ikkje passar der.",
        "{element} says an xsi:type or xsi:nil that does not fit there.",
    ),
    Code.NOT_AS_WANTED: (
        "{element} er ikke slik skjemaet krever.",
        "{element} er ikkje slik skjemaet krev.",
        "{element} is not as the schema wants it.",
    ),
    # attributes
    Code.ATTRIBUTE_MISSING: (
        "{element} mangler et attributt.",
        "{element} manglar eit attributt.",
        "{element} lacks an attribute.",
    ),
    Code.NAMED_ATTRIBUTE_MISSING: (
        "{element} mangler attributtet {name}.",
        "{element} manglar attributtet {name}.",
        "{element} lacks the attribute {name}.",
    ),
    Code.ATTRIBUTE_NOT_ALLOWED: (
        "{element} har et attributt som ikke er tillatt der.",
        "{element} har eit attributt som ikkje er tillate der.",
        "{element} has an attribute that is not allowed there.",
    ),
    Code.NAMED_ATTRIBUTE_NOT_ALLOWED: (
        "{element} har attributtet {name}, som ikke er tillatt der.",
        "{element} har attributtet {name}, som ikkje er tillate der.",
        "{element} has the attribute {name}, which is not allowed there.",
    ),
    # values
    Code.BAD_VALUE: (
        "{element} har en verdi som ikke er gyldig.",
        "{element} har ein verdi som ikkje er gyldig.",
        "{element} has a value that is not valid.",
    ),
    Code.NOT_FIXED_VALUE: (
        "{element} skal ha verdien {wanted}.",
        "{element} skal ha verdien {wanted}.",
        "{element} must have the value {wanted}.",
    ),
    Code.NOT_IN_LIST: (
        "Verdien i {place} skal være en av {values}.",
        "Verdien i {place} skal vere ein av {values}.",
        "The value of {place} must be one of {values}.",
    ),
    Code.EMPTY_VALUE: (
        "Verdien i {place} skal ikke være tom.",
        "Verdien i {place} skal ikkje vere tom.",
        "The value of {place} must not be empty.",
    ),
    Code.NOT_A_BIT: (
        "Verdien i {place} skal være 0 eller 1.",
        "Verdien i {place} skal vere 0 eller 1.",
        "The value of {place} must be 0 or 1.",
    ),
    Code.NOT_AN_OID: (
        "Verdien i {place} skal være en OID som 2.16.578.1.12.4.1.1.8279.",
        "Verdien i {place} skal vere ein OID som 2.16.578.1.12.4.1.1.8279.",
        "The value of {place} must be an OID such as 2.16.578.1.12.4.1.1.8279.",
    ),
    Code.NOT_OF_SHAPE: (
        "Verdien i {place} skal være {type:shape}.",
        "Verdien i {place} skal vere {type:shape}.",
        "The value of {place} must be {type:shape}.",
    ),
    Code.NOT_OF_TYPE: (
        "Verdien i {place} skal være slik skjemaet sier.",
        "Verdien i {place} skal vere slik skjemaet seier.",
        "The value of {place} must be as the schema says.",
    ),
    Code.WITH_VALUE: (
        "{what} Der står {value}.",
        "{what} Der står {value}.",
        "{what} It is {value}.",
    ),
    # the schema files themselves
    Code.NOT_LOADED: (
        "Skjemaet schemas/xsd/{file} kan ikke lastes. Installer Samvik på nytt.",
        "Skjemaet schemas/xsd/{file} kan ikkje lastast. Installer Samvik på nytt.",
        "The schema schemas/xsd/{file} cannot be loaded. Install Samvik again.",
    ),
    Code.NOT_COMPILED: (
        "Skjemaene i schemas/xsd kan ikke kompileres. Installer Samvik på nytt.",
        "Skjemaa i schemas/xsd kan ikkje kompilerast. Installer Samvik på nytt.",
        "The schemas in schemas/xsd cannot be compiled. Install Samvik again.",
    ),
    Code.FOLDER_NOT_COMPILED: (
        "Skjemaene i {folder} kan ikke kompileres ({error}). Legg alle de offisielle filene der, eller ta schemas.directory ut av samvik.toml.",
        "Skjemaa i {folder} kan ikkje kompilerast ({error}). Legg alle dei offisielle filene der, eller ta schemas.directory ut av samvik.toml.",
        "The schemas in {folder} cannot be compiled ({error}). Put all official files there, or leave schemas.directory out of samvik.toml.",
    ),
    Code.TWO_FILES: (
        "{first} og {second} i {folder} er begge skjemaer for {namespace}. Behold én av dem.",
        "{first} og {second} i {folder} er begge skjema for {namespace}. Ta vare på éi av dei.",
        "{first} and {second} in {folder} are both of {namespace}. Keep one of them.",
    ),
    Code.NO_FILE: (
        "Ingen av skjemaene i {folder} er for {namespace}. Legg det til, eller ta schemas.directory ut av samvik.toml.",
        "Ingen av skjemaa i {folder} er for {namespace}. Legg det til, eller ta schemas.directory ut av samvik.toml.",
        "No schema in {folder} is of {namespace}. Add it, or leave schemas.directory out of samvik.toml.",
    ),
    Code.FOLDER_NOT_READ: (
        "Skjemaene i {folder} kan ikke leses ({error}). Gi Samvik lesetilgang.",
        "Skjemaa i {folder} kan ikkje lesast ({error}). Gje Samvik lesetilgang.",
        "The schemas in {folder} cannot be read ({error}). Let Samvik read them.",
    ),
}
