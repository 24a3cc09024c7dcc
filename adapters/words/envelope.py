"""What is said about an ebXML envelope and the attachment that it carries. Partners read the English words."""

from adapters.words.language import Row
from engine.codes.envelope import EnvelopeCode as Code

ENVELOPE: dict[str, Row] = {
    # what cannot be read
    Code.NOT_XML: (
        "Konvolutten kan ikke leses. {why}",
        "Konvolutten kan ikkje lesast. {why}",
        "The envelope cannot be read. {why}",
    ),
    Code.NOT_ONCE: (
        "{element} skal finnes nøyaktig én gang.",
        "{element} skal finnast nøyaktig éin gong.",
        "{element} must occur exactly once.",
    ),
    Code.MORE_THAN_ONCE: (
        "{element} skal ikke finnes mer enn én gang.",
        "{element} skal ikkje finnast meir enn éin gong.",
        "{element} must not occur more than once.",
    ),
    Code.EMPTY: ("{element} er tom.", "{element} er tom.", "{element} is empty."),
    Code.COPIED_TWICE: (
        "Kvitteringen kopierer samme referanse to ganger.",
        "Kvitteringa kopierer same referanse to gonger.",
        "The Acknowledgment copies a reference twice.",
    ),
    Code.NOT_ONE_HER_ID: (
        "{side} skal ha nøyaktig én PartyId av typen HER.",
        "{side} skal ha nøyaktig éin PartyId av typen HER.",
        "{side} must hold exactly one PartyId of type HER.",
    ),
    Code.OTHER_IDS: (
        "{side} har andre PartyId ved siden av HER-id-en; de ble ikke lest.",
        "{side} har andre PartyId ved sida av HER-id-en; dei vart ikkje lesne.",
        "{side} holds other PartyIds beside the HER-id; they were not read.",
    ),
    # form
    Code.VERSION: (
        "Versjonen av {element} er ikke 2.0.",
        "Versjonen av {element} er ikkje 2.0.",
        "The version of {element} is not 2.0.",
    ),
    Code.OTHER_ACTOR: (
        "{element} er for en actor som standarden ikke har.",
        "{element} er for ein actor som standarden ikkje har.",
        "{element} is for an actor that the standard does not have.",
    ),
    Code.NEXT_HOP: (
        "Kvitteringer mellom ledd støttes ikke, bare fra ende til ende.",
        "Kvitteringar mellom ledd er ikkje støtta, berre frå ende til ende.",
        "Acknowledgments between hops are not supported, only from end to end.",
    ),
    Code.ORDER: (
        "Meldinger i en bestemt rekkefølge (MessageOrder) støttes ikke.",
        "Meldingar i ei bestemt rekkjefølgje (MessageOrder) er ikkje støtta.",
        "Messages in a given order (MessageOrder) are not supported.",
    ),
    Code.NOT_UNDERSTOOD: (
        "En blokk i hodet som må forstås (mustUnderstand), er ikke kjent her.",
        "Ei blokk i hovudet som må forståast (mustUnderstand), er ikkje kjend her.",
        "A header block that must be understood is not known here.",
    ),
    Code.NOT_IN_MAIL: (
        "Manifest viser til et vedlegg som ikke er i e-posten.",
        "Manifest viser til eit vedlegg som ikkje er i e-posten.",
        "The Manifest names an attachment that is not in the mail.",
    ),
    Code.NOT_IN_MANIFEST: (
        "Et vedlegg står ikke i Manifest.",
        "Eit vedlegg står ikkje i Manifest.",
        "An attachment is not in the Manifest.",
    ),
    Code.WITHOUT_DIGESTS: (
        "Kvitteringen kopierer ingen digester: den viser ikke hva som kom fram.",
        "Kvitteringa kopierer ingen digestar: ho viser ikkje kva som kom fram.",
        "The Acknowledgment copies no digests: it does not show what arrived.",
    ),
    Code.NAMED_TWICE: (
        "Manifest viser til samme vedlegg to ganger.",
        "Manifest viser til same vedlegg to gonger.",
        "The Manifest names an attachment twice.",
    ),
    Code.EMPTY_MANIFEST: (
        "Manifest viser ikke til noe vedlegg.",
        "Manifest viser ikkje til noko vedlegg.",
        "The Manifest names no attachment.",
    ),
    # what is agreed
    Code.OTHER_CPA: (
        "CPAId er ikke den som partene har avtalt.",
        "CPAId er ikkje den som partane har avtalt.",
        "The CPAId is not that of the agreement between these parties.",
    ),
    Code.SERVICE: ("Service er ikke avtalt.", "Service er ikkje avtalt.", "The Service is not agreed."),
    Code.ACTION: ("Action er ikke avtalt.", "Action er ikkje avtalt.", "The Action is not agreed."),
    Code.ACTION_NOT_IN_CPA: (
        "CPA-en som meldingen viser til, har ikke denne Action.",
        "CPA-en som meldinga viser til, har ikkje denne Action.",
        "The CPA that the message names does not have the Action.",
    ),
    Code.ROLE: (
        "Role i {side} er ikke den som hører til Action.",
        "Role i {side} er ikkje den som høyrer til Action.",
        "The Role of {side} is not that of the Action.",
    ),
    Code.TOO_LATE: (
        "Meldingen kom etter at den var gått ut (TimeToLive).",
        "Meldinga kom etter at ho var gått ut (TimeToLive).",
        "The message came after its time to live.",
    ),
    Code.WRITTEN_LATER: (
        "Meldingen sier at den er skrevet {hours} timer etter at den kom (Timestamp). Se etter om klokken hos avsenderen går rett.",
        "Meldinga seier at ho er skriven {hours} timar etter at ho kom (Timestamp). Sjå etter om klokka hos avsendaren går rett.",
        "The message says that it was written {hours} hours after it came (Timestamp). Check whether the sender's clock is right.",
    ),
    Code.NOT_AS_AGREED: (
        "{element} er ikke slik partene har avtalt.",
        "{element} er ikkje slik partane har avtalt.",
        "{element} does not agree with the agreement.",
    ),
    # what we take
    Code.NOT_SERVED: (
        "HER-id {her_id} betjenes ikke på denne adressen.",
        "HER-id {her_id} blir ikkje betent på denne adressa.",
        "HER-id {her_id} is not served at this address.",
    ),
    Code.OWN_ACTION: (
        "Av meldingstjenestens egne handlinger støttes bare Acknowledgment og MessageError.",
        "Av dei eigne handlingane til meldingstenesta er berre Acknowledgment og MessageError støtta.",
        "Of the message service's own actions only Acknowledgment and MessageError are supported.",
    ),
    Code.NOT_ONE_DOCUMENT: (
        "En melding skal ha nøyaktig ett dokument; denne har {number}.",
        "Ei melding skal ha nøyaktig eitt dokument; denne har {number}.",
        "A message must carry exactly one document; this one carries {number}.",
    ),
    Code.NOT_DECRYPTED: (
        "Vedlegget kan ikke dekrypteres med nøkkelen vår. Bruk krypteringssertifikatet som står i registeret.",
        "Vedlegget kan ikkje dekrypterast med nøkkelen vår. Bruk krypteringssertifikatet som står i registeret.",
        "The attachment cannot be decrypted with our key. Use the encryption certificate in the register.",
    ),
    Code.NOT_UNPACKED: (
        "Vedlegget kan ikke pakkes ut, eller er større utpakket enn det som er tillatt.",
        "Vedlegget kan ikkje pakkast ut, eller er større utpakka enn det som er tillate.",
        "The attachment cannot be unpacked, or is larger than allowed when unpacked.",
    ),
}
