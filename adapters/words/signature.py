"""What is said about the signature of an envelope. Partners read the English words."""

from adapters.words.language import Row
from engine.codes.signature import SignatureCode as Code

SIGNATURE: dict[str, Row] = {
    Code.ABSENT: ("Meldingen er ikke signert.", "Meldinga er ikkje signert.", "The message is not signed."),
    Code.SEVERAL: (
        "Meldingen har mer enn én signatur.",
        "Meldinga har meir enn éin signatur.",
        "The message holds more than one signature.",
    ),
    Code.NOT_IN_HEADER: (
        "Signaturen står ikke rett under SOAP-hodet.",
        "Signaturen står ikkje rett under SOAP-hovudet.",
        "The signature is not a child of the SOAP header.",
    ),
    Code.NOT_ONE: (
        "Signaturen skal ha nøyaktig én {element}.",
        "Signaturen skal ha nøyaktig éin {element}.",
        "The signature must hold exactly one {element}.",
    ),
    Code.NOT_ONLY_TEXT: (
        "Signaturen har noe annet enn tekst inne i en verdi.",
        "Signaturen har noko anna enn tekst inne i ein verdi.",
        "The signature holds something other than text inside a value.",
    ),
    Code.UNCOVERED_CONTENT: (
        "Signaturen har innhold som den ikke dekker.",
        "Signaturen har innhald som han ikkje dekkjer.",
        "The signature holds something that it does not cover.",
    ),
    Code.ROOT_FOR_OTHERS: (
        "Roten i konvolutten er adressert til noen andre enn oss.",
        "Rota i konvolutten er adressert til nokon andre enn oss.",
        "The root of the envelope is not for us.",
    ),
    Code.DOUBLED: (
        "Meldingen har mer enn én {element}.",
        "Meldinga har meir enn éin {element}.",
        "The message holds more than one {element}.",
    ),
    Code.UNSIGNED_ELEMENTS: (
        "Meldingen har ebXML-elementer som signaturen ikke dekker.",
        "Meldinga har ebXML-element som signaturen ikkje dekkjer.",
        "The message holds ebXML elements that the signature does not cover.",
    ),
    Code.SYNC_REPLY: (
        "En SyncReply hører ikke hjemme i en melding over SMTP; den ble ikke lest.",
        "Ein SyncReply høyrer ikkje heime i ei melding over SMTP; han vart ikkje lesen.",
        "A SyncReply does not belong in a message over SMTP; it was not read.",
    ),
    # algorithms
    Code.CANONICALISATION: (
        "Signaturen bruker en kanonisering som profilen ikke tillater.",
        "Signaturen bruker ei kanonisering som profilen ikkje tillèt.",
        "The signature uses a canonicalisation that the profile does not allow.",
    ),
    Code.CANONICALISATION_PARAMETERS: (
        "Kanoniseringen har parametere.",
        "Kanoniseringa har parametrar.",
        "The canonicalisation method carries parameters.",
    ),
    Code.NO_CANONICAL_FORM: (
        "Det som ble signert, har ingen kanonisk form.",
        "Det som vart signert, har inga kanonisk form.",
        "What was signed has no canonical form.",
    ),
    Code.ALGORITHM: (
        "Signaturen bruker en algoritme som avtalen ikke tillater.",
        "Signaturen bruker ein algoritme som avtalen ikkje tillèt.",
        "The signature uses an algorithm that the agreement does not allow.",
    ),
    Code.SHA1: (
        "Signaturen bruker SHA-1, som avtalen tillater, men som er svak.",
        "Signaturen bruker SHA-1, som avtalen tillèt, men som er svak.",
        "The signature uses SHA-1, which the agreement allows and which is weak.",
    ),
    # references
    Code.NOT_WHOLE_ENVELOPE: (
        "Den første referansen i signaturen dekker ikke hele konvolutten.",
        "Den første referansen i signaturen dekkjer ikkje heile konvolutten.",
        "The first reference of the signature does not cover the whole envelope.",
    ),
    Code.TRANSFORMED_ATTACHMENT: (
        "En referanse til et vedlegg har transformasjoner.",
        "Ein referanse til eit vedlegg har transformasjonar.",
        "A reference to an attachment carries transforms.",
    ),
    Code.OTHER_REFERENCE: (
        "En referanse viser til noe som verken er konvolutten eller et vedlegg.",
        "Ein referanse viser til noko som verken er konvolutten eller eit vedlegg.",
        "A reference points to something that is neither the envelope nor an attachment.",
    ),
    Code.COVERED_TWICE: (
        "To referanser i signaturen dekker det samme vedlegget.",
        "To referansar i signaturen dekkjer det same vedlegget.",
        "Two references of the signature cover the same attachment.",
    ),
    Code.UNSIGNED_ATTACHMENT: (
        "Signaturen dekker ikke et av vedleggene.",
        "Signaturen dekkjer ikkje eit av vedlegga.",
        "An attachment is not covered by the signature.",
    ),
    Code.NO_CONTENT_ID: (
        "Et vedlegg har ingen Content-ID, så ingen signatur dekker det.",
        "Eit vedlegg har ingen Content-ID, så ingen signatur dekkjer det.",
        "An attachment has no Content-ID, so no signature covers it.",
    ),
    Code.SAME_CONTENT_ID: (
        "To vedlegg har samme Content-ID.",
        "To vedlegg har same Content-ID.",
        "Two attachments share one Content-ID.",
    ),
    Code.MISSING_ATTACHMENT: (
        "Signaturen dekker et vedlegg som ikke er i e-posten.",
        "Signaturen dekkjer eit vedlegg som ikkje er i e-posten.",
        "The signature covers an attachment that is not in the mail.",
    ),
    Code.TWO_ATTACHMENTS: (
        "En referanse kan gjelde to vedlegg.",
        "Ein referanse kan gjelde to vedlegg.",
        "A reference names two attachments.",
    ),
    Code.TRANSFORM_PARAMETERS: (
        "En transformasjon har parametere som profilen ikke tillater.",
        "Ein transformasjon har parametrar som profilen ikkje tillèt.",
        "A transform carries parameters that the profile does not allow.",
    ),
    Code.WITHOUT_XPATH: (
        "Referansen til konvolutten mangler profilens XPath-transformasjon.",
        "Referansen til konvolutten manglar XPath-transformasjonen i profilen.",
        "The reference to the envelope lacks the XPath transform of the profile.",
    ),
    Code.TRANSFORMS: (
        "Referansen til konvolutten har andre transformasjoner enn profilens.",
        "Referansen til konvolutten har andre transformasjonar enn dei i profilen.",
        "The reference to the envelope has other transforms than the profile's.",
    ),
    Code.XPATH: (
        "XPath-transformasjonen har et annet uttrykk enn profilens.",
        "XPath-transformasjonen har eit anna uttrykk enn det i profilen.",
        "The XPath transform has another expression than the profile's.",
    ),
    # the certificate, and the mathematics
    Code.NOT_ONE_CERTIFICATE: (
        "Signaturen skal ha nøyaktig ett sertifikat.",
        "Signaturen skal ha nøyaktig eitt sertifikat.",
        "The signature must hold exactly one certificate.",
    ),
    Code.CERTIFICATE: (
        "Sertifikatet i signaturen kan ikke leses, eller har ingen RSA-nøkkel.",
        "Sertifikatet i signaturen kan ikkje lesast, eller har ingen RSA-nøkkel.",
        "The certificate in the signature cannot be read, or holds no RSA key.",
    ),
    Code.CHANGED: (
        "Det som ble signert, er endret: et sammendrag (digest) stemmer ikke.",
        "Det som vart signert, er endra: eit samandrag (digest) stemmer ikkje.",
        "What was signed has been changed: a digest does not agree.",
    ),
    Code.INVALID: (
        "Signaturverdien er ikke gyldig.",
        "Signaturverdien er ikkje gyldig.",
        "The signature value is not valid.",
    ),
}
