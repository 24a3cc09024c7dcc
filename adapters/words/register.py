"""What is said about the register: the parties file, what an import changes, and whose inbox a document goes to."""

from adapters.words.language import Row
from engine.codes.register import RegisterCode as Code

PARTY_KINDS: dict[str, Row] = {
    "enterprise": ("virksomhet", "verksemd", "enterprise"),
    "service": ("tjeneste", "teneste", "service"),
    "department": ("avdeling", "avdeling", "department"),
    "person": ("person", "person", "person"),
}
"""Kinds of parties."""

_WHOLE: Row = ("et helt tall", "eit heilt tal", "a whole number")
_TEXT: Row = ("en tekst i anførselstegn", "ein tekst i hermeteikn", "a text in quotation marks")
_FLAG: Row = ("true eller false", "true eller false", "true or false")
_DAY: Row = ("en dato som 2026-11-23", "ein dato som 2026-11-23", "a date such as 2026-11-23")
_ARRAY: Row = ("en liste i [ ]", "ei liste i [ ]", "an array in [ ]")
_TABLE: Row = ("en tabell", "ein tabell", "a table")
VALUES: dict[str, Row] = {
    "int_parsing": _WHOLE,
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "float_parsing": ("et tall", "eit tal", "a number"),
    "float_type": ("et tall", "eit tal", "a number"),
    "string_type": _TEXT,
    "path_type": _TEXT,
    "bool_parsing": _FLAG,
    "bool_type": _FLAG,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "datetime_type": _DAY,
    "datetime_parsing": _DAY,
    "datetime_from_date_parsing": _DAY,
    "tuple_type": _ARRAY,
    "list_type": _ARRAY,
    "frozen_set_type": _ARRAY,
    "model_type": _TABLE,
    "dict_type": _TABLE,
    "string_pattern_mismatch": (
        "skrevet slik config/ eller docs/register.md viser",
        "skrive slik config/ eller docs/register.md viser",
        "written as config/ or docs/register.md shows",
    ),
}
"""What a value must be, by the kind of fault."""

REGISTER: dict[str, Row] = {
    # a file that cannot be used
    Code.BAD_FILE: (
        "Partsfilen er ikke som den skal være. {faults}",
        "Partsfila er ikkje som ho skal vere. {faults}",
        "The parties file is not as it should be. {faults}",
    ),
    Code.BAD_SETTINGS: (
        "{path}: {faults} Rett eller fjern nøkkelen; config/samvik.toml viser alle nøkler med standardverdien.",
        "{path}: {faults} Rett eller fjern nøkkelen; config/samvik.toml viser alle nøklar med standardverdien.",
        "{path}: {faults} Correct or remove the key; config/samvik.toml shows every key with its default.",
    ),
    Code.CORRECT_FILE: (
        "{path}: {faults} Rett filen.",
        "{path}: {faults} Rett fila.",
        "{path}: {faults} Correct the file.",
    ),
    Code.AND_MORE: (
        "(og {number} til)",
        "(og {number} til)",
        "(and {number} more)",
    ),
    Code.KEY_MISSING: (
        "{key}: mangler.",
        "{key}: manglar.",
        "{key}: missing.",
    ),
    Code.KEY_UNKNOWN: (
        "{key}: ukjent nøkkel.",
        "{key}: ukjend nøkkel.",
        "{key}: unknown key.",
    ),
    Code.KEY_UNKNOWN_NEAR: (
        "{key}: ukjent nøkkel. Mente du {near}?",
        "{key}: ukjend nøkkel. Meinte du {near}?",
        "{key}: unknown key. Did you mean {near}?",
    ),
    Code.AT_LINE: (
        "Linje {line}: {what}",
        "Linje {line}: {what}",
        "Line {line}: {what}",
    ),
    Code.KEY_VALUE: (
        "{key}: skal være {type:value}.",
        "{key}: skal vere {type:value}.",
        "{key}: must be {type:value}.",
    ),
    Code.KEY_CHOICE: (
        "{key}: skal være en av {choices}.",
        "{key}: skal vere ein av {choices}.",
        "{key}: must be one of {choices}.",
    ),
    Code.KEY_AT_LEAST: (
        "{key}: skal være minst {least}.",
        "{key}: skal vere minst {least}.",
        "{key}: must be at least {least}.",
    ),
    Code.KEY_AT_MOST: (
        "{key}: skal være høyst {most}.",
        "{key}: skal vere høgst {most}.",
        "{key}: must be at most {most}.",
    ),
    Code.KEY_LONG: (
        "{key}: skal ha høyst {most} tegn eller rader.",
        "{key}: skal ha høgst {most} teikn eller rader.",
        "{key}: must have at most {most} characters or rows.",
    ),
    Code.KEY_SHORT: (
        "{key}: skal ha minst {least} tegn eller rader.",
        "{key}: skal ha minst {least} teikn eller rader.",
        "{key}: must have at least {least} characters or rows.",
    ),
    Code.KEY_NAMED: (
        "{key}: {why}",
        "{key}: {why}",
        "{key}: {why}",
    ),
    Code.TWICE: (
        "Partsfilen har samme HER-id to ganger.",
        "Partsfila har same HER-id to gonger.",
        "The parties file holds the same HER-id twice.",
    ),
    Code.NOWHERE: (
        "Part {her_id}: {key} {target} er ikke i filen.",
        "Part {her_id}: {key} {target} er ikkje i fila.",
        "Party {her_id}: {key} {target} is not in the file.",
    ),
    Code.PARENT: (
        "Part {her_id}: en virksomhet har ingen parent, og alle andre parter har en.",
        "Part {her_id}: ei verksemd har ingen parent, og alle andre partar har ein.",
        "Party {her_id}: an enterprise has no parent, and every other party has one.",
    ),
    Code.OTHER_ENTERPRISE: (
        "Part {her_id}: {key} {target} hører til en annen virksomhet.",
        "Part {her_id}: {key} {target} høyrer til ei anna verksemd.",
        "Party {her_id}: {key} {target} belongs to another enterprise.",
    ),
    Code.RING: (
        "Part {her_id}: partene over den går i ring.",
        "Part {her_id}: partane over han går i ring.",
        "Party {her_id}: its parents go in a ring.",
    ),
    Code.NO_ENTERPRISE: (
        "Avtale mellom {first} og {second}: {her_id} er ingen virksomhet i filen.",
        "Avtale mellom {first} og {second}: {her_id} er inga verksemd i fila.",
        "Agreement between {first} and {second}: {her_id} is no enterprise here.",
    ),
    Code.BAD_CERTIFICATE: (
        "Part {her_id}: sertifikatet for {purpose:purpose} kan ikke leses.",
        "Part {her_id}: sertifikatet for {purpose:purpose} kan ikkje lesast.",
        "Party {her_id}: its {purpose:purpose} certificate cannot be read.",
    ),
    Code.CERTIFICATE_NOT_READ: (
        "Part {her_id}: sertifikatfilen {path} kan ikke leses.",
        "Part {her_id}: sertifikatfila {path} kan ikkje lesast.",
        "Party {her_id}: its certificate file {path} cannot be read.",
    ),
    Code.NOT_A_CERTIFICATE: (
        "Part {her_id}: {path} er ikke noe sertifikat i PEM eller DER.",
        "Part {her_id}: {path} er ikkje noko sertifikat i PEM eller DER.",
        "Party {her_id}: {path} is no certificate in PEM or DER.",
    ),
    Code.CPA_IN_FILE: (
        "{path}: avtaler som CPA står i egne filer. Legg dem til med samvik cpa add FILE.",
        "{path}: avtalar som CPA står i eigne filer. Legg dei til med samvik cpa add FILE.",
        "{path}: agreements by CPA stand in files of their own. Add them with samvik cpa add FILE.",
    ),
    Code.NO_PARTIES: (
        "{path}: det er ingen [[party]]. Rett filen.",
        "{path}: det er ingen [[party]]. Rett fila.",
        "{path}: there is no [[party]]. Correct the file.",
    ),
    Code.WRITTEN_BY_ANYONE: (
        "{path} kan endres av hvem som helst. Kjør: chmod o-w {path}",
        "{path} kan endrast av kven som helst. Køyr: chmod o-w {path}",
        "{path} can be written by anyone. Run: chmod o-w {path}",
    ),
    Code.TOO_LARGE: (
        "{path} er større enn {most} byte.",
        "{path} er større enn {most} byte.",
        "{path} is larger than {most} bytes.",
    ),
    # what an import changes
    Code.PARTY_ADDED: (
        "+ {her_id} {name} ({kind:party})",
        "+ {her_id} {name} ({kind:party})",
        "+ {her_id} {name} ({kind:party})",
    ),
    Code.PARTY_CHANGED: (
        "~ {her_id} {name}: {changes}",
        "~ {her_id} {name}: {changes}",
        "~ {her_id} {name}: {changes}",
    ),
    Code.PARTY_REMOVED: (
        "- {her_id} {name} ({kind:party})",
        "- {her_id} {name} ({kind:party})",
        "- {her_id} {name} ({kind:party})",
    ),
    Code.CERTIFICATES_CHANGED: (
        "certificates ({before} før, {now} nå).",
        "certificates ({before} før, {now} no).",
        "certificates ({before} before, {now} now).",
    ),
    Code.AGREEMENT_ADDED: (
        "+ avtale mellom {first} og {second} fra {start} til {end}",
        "+ avtale mellom {first} og {second} frå {start} til {end}",
        "+ agreement between {first} and {second} from {start} to {end}",
    ),
    Code.AGREEMENT_CHANGED: (
        "~ avtale mellom {first} og {second} fra {start} til {end}: {changes}",
        "~ avtale mellom {first} og {second} frå {start} til {end}: {changes}",
        "~ agreement between {first} and {second} from {start} to {end}: {changes}",
    ),
    Code.AGREEMENT_REMOVED: (
        "- avtale mellom {first} og {second} fra {start} til {end}",
        "- avtale mellom {first} og {second} frå {start} til {end}",
        "- agreement between {first} and {second} from {start} to {end}",
    ),
    Code.DEFAULTS_CHANGED: (
        "~ defaults: {changes}",
        "~ defaults: {changes}",
        "~ defaults: {changes}",
    ),
    Code.FIELD_CHANGED: (
        "{field} {before} -> {now}.",
        "{field} {before} -> {now}.",
        "{field} {before} -> {now}.",
    ),
    Code.CPA_ADDED: (
        "+ CPA {id} mellom {first} og {second} fra {start:instant} til {end:instant}",
        "+ CPA {id} mellom {first} og {second} frå {start:instant} til {end:instant}",
        "+ CPA {id} between {first} and {second} from {start:instant} to {end:instant}",
    ),
    Code.CPA_SUPERSEDED: (
        "~ CPA {id} mellom {first} og {second} slutter {end:instant}, avløst",
        "~ CPA {id} mellom {first} og {second} sluttar {end:instant}, avløyst",
        "~ CPA {id} between {first} and {second} ends {end:instant}, superseded",
    ),
    Code.CPA_REMOVED: (
        "- CPA {id} mellom {first} og {second}: partene er ikke i filen lenger",
        "- CPA {id} mellom {first} og {second}: partane er ikkje i fila lenger",
        "- CPA {id} between {first} and {second}, whose parties are not in the file any more",
    ),
    # what the register does not know
    Code.UNKNOWN_PARTY: (
        "HER-id {her_id} er ikke i partsfilen. Importer en fil som har den.",
        "HER-id {her_id} er ikkje i partsfila. Importer ei fil som har han.",
        "HER-id {her_id} is not in the parties file. Import a file that holds it.",
    ),
    Code.NO_ADDRESS: (
        "HER-id {her_id} har ingen EDI-adresse i partsfilen.",
        "HER-id {her_id} har inga EDI-adresse i partsfila.",
        "HER-id {her_id} has no EDI address in the parties file.",
    ),
    Code.NO_INBOX: (
        "HER-id {her_id} har verken innboks eller et åpent kontaktpunkt med innboks. Rett partsfilen.",
        "HER-id {her_id} har verken innboks eller eit ope kontaktpunkt med innboks. Rett partsfila.",
        "HER-id {her_id} has neither an inbox nor a contact point with one that is open. Correct the parties file.",
    ),
    # why a document went to another inbox
    Code.TO_CONTACT_POINT: (
        "Adressert til {name} ({her_id}), som ikke har egen innboks. Kontaktpunktet har fått den.",
        "Adressert til {name} ({her_id}), som ikkje har eigen innboks. Kontaktpunktet har fått henne.",
        "Addressed to {name} ({her_id}), which has no inbox of its own. The contact point has got it.",
    ),
    Code.TO_NAMED_DEPARTMENT: (
        "Adressert til en avdeling under {name} ({her_id}), som bare er nevnt med navn. {reader} har fått den.",
        "Adressert til ei avdeling under {name} ({her_id}), som berre er nemnd med namn. {reader} har fått henne.",
        "Addressed to a department of {name} ({her_id}) that is named in words only. {reader} has got it.",
    ),
    Code.TO_DEVIATION_SERVICE: (
        "Et avvik til {name} ({her_id}) går gjennom avvikstjenesten.",
        "Eit avvik til {name} ({her_id}) går gjennom avvikstenesta.",
        "A deviation to {name} ({her_id}) goes through the deviation service.",
    ),
    Code.TO_SUCCESSOR: (
        "Adressert til {name} ({her_id}), som er avviklet. Etterfølgeren {successor} har fått den.",
        "Adressert til {name} ({her_id}), som er avvikla. Etterfølgjaren {successor} har fått henne.",
        "Addressed to {name} ({her_id}), which has closed. Its successor {successor} has got it.",
    ),
}
