"""What is said about agreements: CPAs, carriers and the Services of the wire."""

from adapters.words.language import Row
from engine.codes.agreement import AgreementCode as Code

AGREEMENT: dict[str, Row] = {
    # a CPA that cannot be read
    Code.NOT_XML: (
        "Filen kan ikke leses. {why}",
        "Fila kan ikkje lesast. {why}",
        "The file cannot be read. {why}",
    ),
    Code.NOT_A_CPA: (
        "Filen er ingen CPA: roten er ikke cppa:CollaborationProtocolAgreement.",
        "Fila er ingen CPA: rota er ikkje cppa:CollaborationProtocolAgreement.",
        "The file is no CPA: its root is not cppa:CollaborationProtocolAgreement.",
    ),
    Code.NOT_TWO_PARTIES: (
        "En CPA har to PartyInfo; denne har {number}.",
        "Ein CPA har to PartyInfo; denne har {number}.",
        "A CPA has two PartyInfo; this one has {number}.",
    ),
    Code.NO_PARTY_ID: (
        "En PartyInfo har ingen PartyId.",
        "Ein PartyInfo har ingen PartyId.",
        "A PartyInfo has no PartyId.",
    ),
    Code.CHANNEL_NOT_WHOLE: (
        "Kanalen {channel} viser til en Transport eller DocExchange som ikke er i filen.",
        "Kanalen {channel} viser til ein Transport eller DocExchange som ikkje er i fila.",
        "Channel {channel} names a Transport or DocExchange that is not in the file.",
    ),
    Code.CERTIFICATE_NOT_READ: (
        "Sertifikatet {name} kan ikke leses.",
        "Sertifikatet {name} kan ikkje lesast.",
        "Certificate {name} cannot be read.",
    ),
    Code.NOT_A_TIME: (
        "{element} er ikke noe tidspunkt som kan leses.",
        "{element} er ikkje noko tidspunkt som kan lesast.",
        "{element} is no time that can be read.",
    ),
    Code.BAD_ID: (
        "Id-en til CPA-en kan ikke brukes. {why}",
        "Id-en til CPA-en kan ikkje brukast. {why}",
        "The id of the CPA cannot be used. {why}",
    ),
    Code.NOT_ONCE: (
        "{element} skal finnes nøyaktig én gang.",
        "{element} skal finnast nøyaktig éin gong.",
        "{element} must occur exactly once.",
    ),
    # what is to be said about one that can
    Code.ENDS_BEFORE_START: (
        "Avtalen slutter før den begynner.",
        "Avtalen sluttar før han byrjar.",
        "The agreement ends before it begins.",
    ),
    Code.NOT_YET: (
        "Avtalen gjelder fra {start:instant}.",
        "Avtalen gjeld frå {start:instant}.",
        "The agreement is valid from {start:instant}.",
    ),
    Code.ENDED: (
        "Avtalen sluttet {end:instant}; den gjelder bare for meldinger fra før.",
        "Avtalen slutta {end:instant}; han gjeld berre for meldingar frå før.",
        "The agreement ended {end:instant}; it only counts for messages from before.",
    ),
    Code.NO_HER_ID: (
        "Parten har ingen HER-id.",
        "Parten har ingen HER-id.",
        "The party has no HER-id.",
    ),
    Code.SEVERAL_HER_IDS: (
        "Parten har {number} ulike HER-id-er. Be motparten om en fil der hver part har én.",
        "Parten har {number} ulike HER-id-ar. Be motparten om ei fil der kvar part har éin.",
        "The party has {number} different HER-ids. Ask the other side for a file in which each party has one.",
    ),
    Code.NO_SMTP: (
        "Parten har ikke noe endepunkt for SMTP. Det den har, er: {others}.",
        "Parten har ikkje noko endepunkt for SMTP. Det han har, er: {others}.",
        "The party has no endpoint for SMTP. What it has is: {others}.",
    ),
    Code.NO_CERTIFICATE: (
        "Sertifikatet {name} er nevnt, men er ikke i avtalen.",
        "Sertifikatet {name} er nemnt, men er ikkje i avtalen.",
        "Certificate {name} is named but not in the agreement.",
    ),
    Code.NO_CHANNEL: (
        "Kanalen {name} er nevnt, men er ikke i avtalen.",
        "Kanalen {name} er nemnd, men er ikkje i avtalen.",
        "Channel {name} is named but not in the agreement.",
    ),
    Code.CERTIFICATE_DATES: (
        "Sertifikatet {name} (serienummer {serial}) er gyldig fra {start:day} til {end:day}.",
        "Sertifikatet {name} (serienummer {serial}) er gyldig frå {start:day} til {end:day}.",
        "Certificate {name} (serial {serial}) is valid from {start:day} to {end:day}.",
    ),
    Code.CERTIFICATE_ENDS: (
        "Sertifikatet {name} (serienummer {serial}) går ut {end:day}.",
        "Sertifikatet {name} (serienummer {serial}) går ut {end:day}.",
        "Certificate {name} (serial {serial}) ends {end:day}.",
    ),
    Code.NOT_RECEIVED: (
        "{action} i {service} sendes, men den andre parten tar det ikke imot.",
        "{action} i {service} blir send, men den andre parten tek det ikkje imot.",
        "{action} of {service} is sent, but the other party does not receive it.",
    ),
    # why one is not taken into use
    Code.NOT_USABLE: (
        "CPA {id} kan ikke brukes. {wrong}",
        "CPA {id} kan ikkje brukast. {wrong}",
        "CPA {id} cannot be used. {wrong}",
    ),
    Code.WRONG_AT: (
        "{place}: {what}",
        "{place}: {what}",
        "{place}: {what}",
    ),
    Code.UNKNOWN_PARTY: (
        "HER-id {her_id} er ikke i partsfilen.",
        "HER-id {her_id} er ikkje i partsfila.",
        "HER-id {her_id} is not in the parties file.",
    ),
    Code.NO_MAIL_ADDRESS: (
        "Ingen av endepunktene er en e-postadresse.",
        "Ingen av endepunkta er ei e-postadresse.",
        "No endpoint is a mail address.",
    ),
    Code.NO_USABLE_CERTIFICATE: (
        "Det er ikke nevnt noe sertifikat for {purpose:purpose} som kan brukes.",
        "Det er ikkje nemnt noko sertifikat for {purpose:purpose} som kan brukast.",
        "No {purpose:purpose} certificate is named that can be used.",
    ),
    Code.KEY_MISSING: (
        "Nøkkelen til sertifikatet vårt for {purpose:purpose} er ikke her.",
        "Nøkkelen til sertifikatet vårt for {purpose:purpose} er ikkje her.",
        "The key of our {purpose:purpose} certificate is not here.",
    ),
    Code.WITH_ITSELF: (
        "CPA {id} er mellom en virksomhet og den selv. Be motparten om rett fil.",
        "CPA {id} er mellom ei verksemd og ho sjølv. Be motparten om rett fil.",
        "CPA {id} is between an enterprise and itself. Ask the other side for the right file.",
    ),
    Code.NOBODY_OF_OURS: (
        "CPA {id} er mellom HER-id {first} og {second}, og ingen av dem betjenes av denne motoren.",
        "CPA {id} er mellom HER-id {first} og {second}, og ingen av dei blir betent av denne motoren.",
        "CPA {id} is between HER-id {first} and {second}, and neither is served by this engine.",
    ),
    Code.KEPT_ALREADY: (
        "CPA {id} er lagret allerede, ord for ord.",
        "CPA {id} er lagra allereie, ord for ord.",
        "CPA {id} is kept already, word for word.",
    ),
    # carriers
    Code.CARRIER_NOT_A_TABLE: (
        "Bærer {name}: raden skal være en tabell.",
        "Berar {name}: rada skal vere ein tabell.",
        "Carrier {name}: the row must be a table.",
    ),
    Code.CARRIER_NEVER: (
        "Bærer {name}, nøkkel message_type: {type} skal aldri bære et avvik (HIS 1151). Velg en annen meldingsfunksjon, eller fjern raden.",
        "Berar {name}, nøkkel message_type: {type} skal aldri bere eit avvik (HIS 1151). Vel ein annan meldingsfunksjon, eller fjern rada.",
        "Carrier {name}, key message_type: {type} must never carry a deviation (HIS 1151). Choose another message function, or remove the row.",
    ),
    Code.CARRIER_KEY_MISSING: (
        "Bærer {name}, nøkkel {key}: mangler.",
        "Berar {name}, nøkkel {key}: manglar.",
        "Carrier {name}, key {key}: missing.",
    ),
    Code.CARRIER_KEY_UNKNOWN: (
        "Bærer {name}, nøkkel {key}: ukjent. Kjente nøkler: {known}.",
        "Berar {name}, nøkkel {key}: ukjend. Kjende nøklar: {known}.",
        "Carrier {name}, key {key}: unknown. Known keys: {known}.",
    ),
    Code.CARRIER_NOT_A_BOOLEAN: (
        "Bærer {name}, nøkkel {key}: skal være true eller false.",
        "Berar {name}, nøkkel {key}: skal vere true eller false.",
        "Carrier {name}, key {key}: must be true or false.",
    ),
    Code.CARRIER_NOT_A_TEXT: (
        "Bærer {name}, nøkkel {key}: skal være tekst.",
        "Berar {name}, nøkkel {key}: skal vere tekst.",
        "Carrier {name}, key {key}: must be text.",
    ),
    Code.CARRIER_NOT_A_CHOICE: (
        "Bærer {name}, nøkkel {key}: skal være en av {choices}.",
        "Berar {name}, nøkkel {key}: skal vere ein av {choices}.",
        "Carrier {name}, key {key}: must be one of {choices}.",
    ),
    # Services
    Code.SERVICE_NOT_CONFIGURED: (
        "En melding ble tatt imot på en Service som ikke er satt opp. Se config/services.toml.",
        "Ei melding vart teken imot på ein Service som ikkje er sett opp. Sjå config/services.toml.",
        "A message was taken on a Service that is not configured. See config/services.toml.",
    ),
    Code.ROUTE_KEYS: (
        "Meldingsfunksjon {name}: raden skal ha nøklene {keys}, og ingen andre.",
        "Meldingsfunksjon {name}: rada skal ha nøklane {keys}, og ingen andre.",
        "Message function {name}: the row must have the keys {keys}, and no other.",
    ),
    Code.ROUTE_NOT_A_TEXT: (
        "Meldingsfunksjon {name}, nøkkel {key}: skal være en tekst.",
        "Meldingsfunksjon {name}, nøkkel {key}: skal vere ein tekst.",
        "Message function {name}, key {key}: must be a text.",
    ),
}
