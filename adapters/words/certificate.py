"""What is said about certificates, their revocation, and our keys."""

from adapters.words.language import Row
from engine.codes.certificate import CertificateCode, KeyCode

PURPOSES: dict[str, Row] = {
    "signing": ("signering", "signering", "signing"),
    "encryption": ("kryptering", "kryptering", "encryption"),
}
"""What a certificate is for."""

CERTIFICATE: dict[str, Row] = {
    # why a certificate may not be used
    CertificateCode.NOT_VALID_YET: (
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} er ikke gyldig ennå.",
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} er ikkje gyldig enno.",
        "HER-id {her_id}: the {purpose:purpose} certificate with serial {serial} is not valid yet.",
    ),
    CertificateCode.EXPIRED: (
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} er utløpt.",
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} er gått ut.",
        "HER-id {her_id}: the {purpose:purpose} certificate with serial {serial} has expired.",
    ),
    CertificateCode.OTHER_USE: (
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} er ikke ment for denne bruken.",
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} er ikkje meint for denne bruken.",
        "HER-id {her_id}: the {purpose:purpose} certificate with serial {serial} is not meant for this use.",
    ),
    CertificateCode.SHORT_KEY: (
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} har ingen RSA-nøkkel på minst {bits} bit.",
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} har ingen RSA-nøkkel på minst {bits} bit.",
        "HER-id {her_id}: the {purpose:purpose} certificate with serial {serial} has no RSA key of at least {bits} bits.",
    ),
    CertificateCode.NO_TRUSTED_ISSUER: (
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} er ikke utstedt av noen vi stoler på.",
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} er ikkje utferda av nokon vi stoler på.",
        "HER-id {her_id}: the {purpose:purpose} certificate with serial {serial} does not chain to a trusted issuer.",
    ),
    CertificateCode.ISSUER_KEY: (
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} kan ikke brukes: utstederen {issuer} har en annen nøkkel enn den vi stoler på (serienummer {issuer_serial}). Mottakeren må legge det nye sertifikatet til utstederen i keys.anchors.",
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} kan ikkje brukast: utferdaren {issuer} har ein annan nøkkel enn den vi stoler på (serienummer {issuer_serial}). Mottakaren må leggje det nye sertifikatet til utferdaren i keys.anchors.",
        "HER-id {her_id}: the {purpose:purpose} certificate with serial {serial} cannot be used: its issuer {issuer} has another key than the one that we trust (serial {issuer_serial}). The receiver must add the new certificate of the issuer to keys.anchors.",
    ),
    CertificateCode.ISSUER_EXPIRED: (
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} kan ikke brukes: sertifikatet til utstederen {issuer} (serienummer {issuer_serial}) er utløpt.",
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} kan ikkje brukast: sertifikatet til utferdaren {issuer} (serienummer {issuer_serial}) er gått ut.",
        "HER-id {her_id}: the {purpose:purpose} certificate with serial {serial} cannot be used: the certificate of its issuer {issuer} (serial {issuer_serial}) has expired.",
    ),
    CertificateCode.ISSUER_NOT_YET: (
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} kan ikke brukes: sertifikatet til utstederen {issuer} (serienummer {issuer_serial}) er ikke gyldig ennå.",
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} kan ikkje brukast: sertifikatet til utferdaren {issuer} (serienummer {issuer_serial}) er ikkje gyldig enno.",
        "HER-id {her_id}: the {purpose:purpose} certificate with serial {serial} cannot be used: the certificate of its issuer {issuer} (serial {issuer_serial}) is not valid yet.",
    ),
    CertificateCode.ISSUER_NO_CA: (
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} kan ikke brukes: {issuer} (serienummer {issuer_serial}) er ingen utsteder: basicConstraints mangler eller sier ikke CA.",
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} kan ikkje brukast: {issuer} (serienummer {issuer_serial}) er ingen utferdar: basicConstraints manglar eller seier ikkje CA.",
        "HER-id {her_id}: the {purpose:purpose} certificate with serial {serial} cannot be used: {issuer} (serial {issuer_serial}) is no certificate authority: its basicConstraints are missing or do not say CA.",
    ),
    CertificateCode.ISSUER_USAGE: (
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} kan ikke brukes: utstederen {issuer} (serienummer {issuer_serial}) kan ikke signere sertifikater: keyUsage mangler eller er uten keyCertSign.",
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} kan ikkje brukast: utferdaren {issuer} (serienummer {issuer_serial}) kan ikkje signere sertifikat: keyUsage manglar eller er utan keyCertSign.",
        "HER-id {her_id}: the {purpose:purpose} certificate with serial {serial} cannot be used: its issuer {issuer} (serial {issuer_serial}) may not sign certificates: its keyUsage is missing or lacks keyCertSign.",
    ),
    CertificateCode.CRITICAL_EXTENSION: (
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} kan ikke brukes: sertifikatet med serienummer {issuer_serial} har en kritisk utvidelse som vi ikke kjenner.",
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} kan ikkje brukast: sertifikatet med serienummer {issuer_serial} har ei kritisk utviding som vi ikkje kjenner.",
        "HER-id {her_id}: the {purpose:purpose} certificate with serial {serial} cannot be used: the certificate with serial {issuer_serial} has a critical extension that we do not know.",
    ),
    CertificateCode.WEAK_SIGNATURE: (
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} kan ikke brukes: sertifikatet med serienummer {issuer_serial} er signert med MD5, SHA-1 eller noe som vi ikke kjenner.",
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} kan ikkje brukast: sertifikatet med serienummer {issuer_serial} er signert med MD5, SHA-1 eller noko som vi ikkje kjenner.",
        "HER-id {her_id}: the {purpose:purpose} certificate with serial {serial} cannot be used: the certificate with serial {issuer_serial} is signed with MD5, SHA-1 or what we do not know.",
    ),
    CertificateCode.EXTENSIONS_UNREADABLE: (
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} kan ikke brukes: utvidelsene i sertifikatet med serienummer {issuer_serial} kan ikke leses.",
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} kan ikkje brukast: utvidingane i sertifikatet med serienummer {issuer_serial} kan ikkje lesast.",
        "HER-id {her_id}: the {purpose:purpose} certificate with serial {serial} cannot be used: the extensions of the certificate with serial {issuer_serial} cannot be read.",
    ),
    CertificateCode.REVOKED: (
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} er tilbakekalt.",
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} er kalla tilbake.",
        "HER-id {her_id}: the {purpose:purpose} certificate with serial {serial} has been revoked.",
    ),
    CertificateCode.NOT_REGISTERED: (
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} er ikke registrert.",
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} er ikkje registrert.",
        "HER-id {her_id}: the {purpose:purpose} certificate with serial {serial} is not registered.",
    ),
    CertificateCode.NOT_REGISTERED_NOW: (
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} er ikke registrert på dette tidspunktet.",
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} er ikkje registrert på dette tidspunktet.",
        "HER-id {her_id}: the {purpose:purpose} certificate with serial {serial} is not registered at this time.",
    ),
    CertificateCode.NOT_CHECKED: (
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} kan ikke sjekkes for tilbakekalling. {why}",
        "HER-id {her_id}: sertifikatet for {purpose:purpose} med serienummer {serial} kan ikkje sjekkast for tilbakekalling. {why}",
        "HER-id {her_id}: the {purpose:purpose} certificate with serial {serial} cannot be checked for revocation. {why}",
    ),
    # why work waits
    CertificateCode.NO_LIST: (
        "Det finnes ingen gyldig tilbakekallingsliste fra utstederen. Hent en ny. {unread}",
        "Det finst inga gyldig tilbakekallingsliste frå utferdaren. Hent ei ny. {unread}",
        "There is no valid revocation list of the certificate's issuer. Fetch a new one. {unread}",
    ),
    CertificateCode.NOT_USABLE: (
        "Mottakerens krypteringssertifikat i registeret kan ikke brukes. Be parten om et nytt, og importer partsfilen på nytt.",
        "Krypteringssertifikatet til mottakaren i registeret kan ikkje brukast. Be parten om eit nytt, og importer partsfila på nytt.",
        "The register's encryption certificate of the receiver cannot be used. Ask the party for another, and import the parties file anew.",
    ),
    CertificateCode.NONE: (
        "HER-id {her_id} har ikke noe sertifikat for {purpose:purpose} i partsfilen som kan brukes nå.",
        "HER-id {her_id} har ikkje noko sertifikat for {purpose:purpose} i partsfila som kan brukast no.",
        "HER-id {her_id} has no {purpose:purpose} certificate in the parties file that can be used now.",
    ),
    CertificateCode.ASK_PARTY: (
        "{why} Spør parten, og importer partsfilen på nytt.",
        "{why} Spør parten, og importer partsfila på nytt.",
        "{why} Ask the party, and import the parties file anew.",
    ),
    CertificateCode.NONE_OF_OURS: (
        "{why} `samvik certificates` viser hva som er galt med dem som ikke kan brukes.",
        "{why} `samvik certificates` viser kva som er gale med dei som ikkje kan brukast.",
        "{why} `samvik certificates` shows what is wrong with those that cannot be used.",
    ),
    # why a revocation list or an OCSP answer does not count
    CertificateCode.LIST_UNREADABLE: (
        "Det er ingen tilbakekallingsliste som kan leses.",
        "Det er inga tilbakekallingsliste som kan lesast.",
        "It is no revocation list that can be read.",
    ),
    CertificateCode.LIST_NOT_WHOLE: (
        "Det er ingen hel liste, eller den er av et slag som ikke er kjent.",
        "Det er inga heil liste, eller ho er av eit slag som ikkje er kjent.",
        "It is no complete list, or of a kind that is not known.",
    ),
    CertificateCode.LIST_UNSIGNED: (
        "Ingen utsteder som vi stoler på, har signert listen.",
        "Ingen utferdar som vi stoler på, har signert lista.",
        "No issuer that we trust has signed the list.",
    ),
    CertificateCode.LIST_OLDER: (
        "Listen er eldre enn den vi har.",
        "Lista er eldre enn den vi har.",
        "The list is older than the one that we have.",
    ),
    CertificateCode.ANSWER_UNREADABLE: (
        "Det er ikke noe OCSP-svar som kan leses.",
        "Det er ikkje noko OCSP-svar som kan lesast.",
        "It is no OCSP answer that can be read.",
    ),
    CertificateCode.ANSWER_UNSIGNED: (
        "Verken utstederen eller dens svartjeneste har signert svaret.",
        "Verken utferdaren eller svartenesta hans har signert svaret.",
        "Neither the issuer nor its responder has signed the answer.",
    ),
    CertificateCode.ANSWER_OLDER: (
        "Svaret er eldre enn det vi har.",
        "Svaret er eldre enn det vi har.",
        "The answer is older than the one that we have.",
    ),
    CertificateCode.ANSWER_OF_ANOTHER_TIME: (
        "Svaret gjelder ikke nå.",
        "Svaret gjeld ikkje no.",
        "The answer is not of this time.",
    ),
    CertificateCode.ANSWER_ABOUT_ANOTHER: (
        "Svaret gjelder et annet sertifikat.",
        "Svaret gjeld eit anna sertifikat.",
        "The answer is about another certificate.",
    ),
    CertificateCode.RESPONDER_REFUSED: (
        "Svartjenesten sa {status}.",
        "Svartenesta sa {status}.",
        "The responder said {status}.",
    ),
    CertificateCode.RESPONDER_KNOWS_NOT: (
        "Svartjenesten kjenner ikke sertifikatet.",
        "Svartenesta kjenner ikkje sertifikatet.",
        "The responder does not know the certificate.",
    ),
    CertificateCode.PACKED: (
        "Svaret er pakket.",
        "Svaret er pakka.",
        "The answer is packed.",
    ),
    CertificateCode.TOO_LARGE: (
        "Svaret er større enn {most} byte.",
        "Svaret er større enn {most} byte.",
        "The answer is larger than {most} bytes.",
    ),
    CertificateCode.STATUS: (
        "Tjenesten svarte {status}.",
        "Tenesta svara {status}.",
        "It answered {status}.",
    ),
    CertificateCode.NOT_REACHED: (
        "Tjenesten er ikke å nå ({error}).",
        "Tenesta er ikkje å nå ({error}).",
        "It could not be reached ({error}).",
    ),
}

KEY: dict[str, Row] = {
    KeyCode.NOT_HERE: (
        "Nøkkelen til sertifikatet vårt med serienummer {serial} er verken i keys.directory eller på et token.",
        "Nøkkelen til sertifikatet vårt med serienummer {serial} er verken i keys.directory eller på eit token.",
        "The key of our certificate with serial {serial} is neither in keys.directory nor a token.",
    ),
    KeyCode.TOKEN_SILENT: (
        "Tokenet '{label}' med nøklene våre gjør ikke jobben sin ({error}).",
        "Tokenet '{label}' med nøklane våre gjer ikkje jobben sin ({error}).",
        "The token '{label}' with our keys does not do its work ({error}).",
    ),
    KeyCode.TOKEN_WRONG: (
        "{why} Rett keys.token.",
        "{why} Rett keys.token.",
        "{why} Correct keys.token.",
    ),
    KeyCode.NOT_RSA: (
        "{path} er ingen RSA-nøkkel. Virksomhetssertifikater på Helsenettet bruker RSA.",
        "{path} er ingen RSA-nøkkel. Verksemdssertifikat på Helsenettet bruker RSA.",
        "{path} is no RSA key. Enterprise certificates on Helsenett use RSA.",
    ),
    KeyCode.NOT_PEM: (
        "{path} er ingen privat nøkkel i PEM som keys.password_file åpner. Rett eller bytt den.",
        "{path} er ingen privat nøkkel i PEM som keys.password_file opnar. Rett eller byt han.",
        "{path} is no PEM private key that keys.password_file opens. Correct or replace it.",
    ),
    KeyCode.NOT_PKCS12: (
        "{path} er ingen PKCS#12-fil som keys.password_file åpner. Rett eller bytt den.",
        "{path} er inga PKCS#12-fil som keys.password_file opnar. Rett eller byt ho.",
        "{path} is no PKCS#12 file that keys.password_file opens. Correct or replace it.",
    ),
    KeyCode.CA_EXISTS: (
        "{folder} har en CA allerede. Velg en annen mappe, eller fjern denne først.",
        "{folder} har ein CA allereie. Vel ei anna mappe, eller fjern denne først.",
        "{folder} holds a CA already. Choose another folder, or remove this one first.",
    ),
    KeyCode.RING_EXISTS: (
        "Nøkkelringen {path} finnes allerede.",
        "Nøkkelringen {path} finst allereie.",
        "The key ring {path} exists already.",
    ),
    KeyCode.RING_NOT_WRITTEN: (
        "Nøkkelringen {path} kan ikke skrives ({error}). La kontoen som motoren kjører som, eie mappen, eller endre keys.at_rest eller data_dir i samvik.toml.",
        "Nøkkelringen {path} kan ikkje skrivast ({error}). La kontoen som motoren køyrer som, eige mappa, eller endre keys.at_rest eller data_dir i samvik.toml.",
        "The key ring {path} cannot be written ({error}). Let the account that the engine runs as own the folder, or change keys.at_rest or data_dir in samvik.toml.",
    ),
    KeyCode.OTHER_RING: (
        "ringen mangler nøkkelen {key_id}",
        "ringen manglar nøkkelen {key_id}",
        "the ring lacks the key {key_id}",
    ),
    KeyCode.ROTATING: (
        "Nøklene roteres allerede av en annen kommando. Vent til den er ferdig.",
        "Nøklane blir roterte allereie av ein annan kommando. Vent til han er ferdig.",
        "Another command is rotating the keys. Wait until it is done.",
    ),
    KeyCode.RING_NOT_WHOLE: (
        "Nøkkelringen {path} er ikke hel.",
        "Nøkkelringen {path} er ikkje heil.",
        "The key ring {path} is not whole.",
    ),
    KeyCode.RING_NOT_READ: (
        "Nøkkelringen {path} kan ikke leses ({error}).",
        "Nøkkelringen {path} kan ikkje lesast ({error}).",
        "The key ring {path} cannot be read ({error}).",
    ),
    KeyCode.RING_READ_BY_OTHERS: (
        "Nøkkelringen {path} kan leses av andre, eller er ingen fil. Sett tilgangen til 0600.",
        "Nøkkelringen {path} kan lesast av andre, eller er inga fil. Set tilgangen til 0600.",
        "The key ring {path} can be read by others, or is no file. Set its mode to 0600.",
    ),
    KeyCode.NOT_OPENED: (
        "Lagret innhold kan ikke åpnes: feil plass, endrede byte eller en nøkkel som mangler.",
        "Lagra innhald kan ikkje opnast: feil plass, endra byte eller ein nøkkel som manglar.",
        "Stored content could not be opened: wrong place, changed bytes, or a missing key.",
    ),
}
