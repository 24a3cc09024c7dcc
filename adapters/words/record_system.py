"""What is said about record systems."""

from adapters.words.language import Row
from engine.codes.record_system import RecordSystemCode as Code

RECORD_SYSTEM: dict[str, Row] = {
    Code.NO_CAUSE: (
        "Fagsystemet oppga ingen årsak.",
        "Fagsystemet gav inga årsak.",
        "The record system gave no cause.",
    ),
    Code.OTHER_ITEM: (
        "Dokumentet gjelder en annen melding enn den som adressen viser til. Bruk adressen til den.",
        "Dokumentet gjeld ei anna melding enn den som adressa viser til. Bruk adressa til den.",
        "The document is about another message than the one that the address names. Use that one's address.",
    ),
    Code.BAD_FILE: (
        "En fil fra fagsystemet til HER-id {her_id} kan ikke brukes, og ligger i failed/. {reason}",
        "Ei fil frå fagsystemet til HER-id {her_id} kan ikkje brukast, og ligg i failed/. {reason}",
        "A file from the record system of HER-id {her_id} cannot be used, and lies in failed/. {reason}",
    ),
    Code.FILE_WAITS: (
        "En fil i out/ fra fagsystemet til HER-id {her_id} kan ikke behandles nå, og prøves igjen. {reason}",
        "Ei fil i out/ frå fagsystemet til HER-id {her_id} kan ikkje handsamast no, og blir prøvd igjen. {reason}",
        "A file in out/ from the record system of HER-id {her_id} cannot be processed now, and is tried again. {reason}",
    ),
    Code.NAME_NOT_TAKEN: (
        "{name} ligger i out/ fra fagsystemet til HER-id {her_id}, og blir ikke tatt: Navnet slutter ikke på .xml, eller begynner med punktum. Gi den nytt navn når den er skrevet ferdig, eller ta den bort.",
        "{name} ligg i out/ frå fagsystemet til HER-id {her_id}, og blir ikkje teken: Namnet sluttar ikkje på .xml, eller byrjar med punktum. Gje ho nytt namn når ho er skriven ferdig, eller ta ho bort.",
        "{name} lies in out/ from the record system of HER-id {her_id}, and is not taken: its name does not end with .xml, or begins with a dot. Rename it when it is whole, or take it away.",
    ),
    Code.UNREADABLE: (
        "Filen kan ikke leses som AppRec eller hodemelding: {detail} ({fault}, {location}) Rett filen, og lever på nytt.",
        "Fila kan ikkje lesast som AppRec eller hovudmelding: {detail} ({fault}, {location}) Rett fila, og lever på nytt.",
        "The file cannot be read as an AppRec or a MsgHead: {detail} ({fault}, {location}) Correct the file, then hand it in again.",
    ),
    Code.MAIL_GONE: (
        "AppRec-en gjelder en melding som Samvik ikke lenger har. Kontakt avsenderen på annen måte.",
        "AppRec-en gjeld ei melding som Samvik ikkje lenger har. Kontakt avsendaren på annan måte.",
        "The AppRec is about a message that Samvik no longer has. Contact the sender in another way.",
    ),
    Code.SILENT_AND_UNREADABLE: (
        "Fagsystemet svarte ikke i tide, og meldingen kan ikke leses på nytt. Se nøkler og partsregister.",
        "Fagsystemet svara ikkje i tide, og meldinga kan ikkje lesast på nytt. Sjå nøklar og partsregister.",
        "The record system gave no answer in time, and the message cannot be read again. See keys and parties file.",
    ),
    Code.SILENT: (
        "Fagsystemet svarte ikke i tide. Meldingen ligger i Samviks egen innboks, og avsenderen har fått kvittering. Les den der.",
        "Fagsystemet svara ikkje i tide. Meldinga ligg i Samvik sin eigen innboks, og avsendaren har fått kvittering. Les ho der.",
        "The record system gave no answer in time. The message is in Samvik's own inbox, and its sender has a receipt. Read it there.",
    ),
    Code.APPREC_OF_ANOTHER: (
        "Avsenderen i AppRec-en hører ikke til virksomheten som HER-id {her_id} er en del av. Rett HER-id-en til avsenderen, og lever på nytt.",
        "Avsendaren i AppRec-en høyrer ikkje til verksemda som HER-id {her_id} er ein del av. Rett HER-id-en til avsendaren, og lever på nytt.",
        "The sender in the AppRec does not belong to the enterprise that HER-id {her_id} is part of. Correct the sender's HER-id, then hand in again.",
    ),
    Code.APPREC_ABOUT_NOTHING: (
        "AppRec-en gjelder ingen melding som HER-id {her_id} har mottatt fra HER-id {sender}. Kontroller OriginalMsgId og mottakeren, og lever på nytt.",
        "AppRec-en gjeld inga melding som HER-id {her_id} har motteke frå HER-id {sender}. Kontroller OriginalMsgId og mottakaren, og lever på nytt.",
        "The AppRec is about no message that HER-id {her_id} received from HER-id {sender}. Check OriginalMsgId and the receiver, then hand in again.",
    ),
    Code.CONTRADICTS: (
        "Fagsystemet sier AppRec {status} om en melding som avsenderen alt har fått svar på ({told:state}). Ingenting er sendt. Avklar med avsenderen.",
        "Fagsystemet seier AppRec {status} om ei melding som avsendaren alt har fått svar på ({told:state}). Ingenting er sendt. Avklar med avsendaren.",
        "The record system says AppRec {status} about a message that its sender already has an answer to ({told:state}). Nothing was sent. Settle it with the sender.",
    ),
    Code.APPREC_SAYS: (
        "AppRec {status}: {fault}, {fault:apprec}",
        "AppRec {status}: {fault}, {fault:apprec}",
        "AppRec {status}: {fault}, {fault:apprec}",
    ),
    Code.CANNOT_ADDRESS: (
        "E-posten {id} kan ikke leses igjen, så AppRec-en om den kan ikke adresseres. Se nøkler og partsregister.",
        "E-posten {id} kan ikkje lesast igjen, så AppRec-en om han kan ikkje adresserast. Sjå nøklar og partsregister.",
        "Mail {id} cannot be read again, so its AppRec cannot be addressed. See keys and parties file.",
    ),
    Code.REPLY_OF_ANOTHER: (
        "Avsenderen i svaret er verken HER-id {her_id} eller en del av den. Rett avsenderen, eller lever svaret for den parten som svarer.",
        "Avsendaren i svaret er verken HER-id {her_id} eller ein del av han. Rett avsendaren, eller lever svaret for den parten som svarar.",
        "The sender of the reply is neither HER-id {her_id} nor part of it. Correct the sender, or hand the reply in for the party that replies.",
    ),
    Code.ANSWERS_NOTHING: (
        "Svaret viser ikke til noen melding som HER-id {her_id} har mottatt. Rett RefToParent, og lever på nytt.",
        "Svaret viser ikkje til noka melding som HER-id {her_id} har motteke. Rett RefToParent, og lever på nytt.",
        "The reply refers to no message that HER-id {her_id} received. Correct RefToParent, then hand in again.",
    ),
    Code.MIXED_THREADS: (
        "RefToParent og RefToConversation i svaret hører ikke til samme tråd. RefToConversation skal være MsgId for den første meldingen i tråden som besvares. Rett den, og lever på nytt.",
        "RefToParent og RefToConversation i svaret høyrer ikkje til same tråd. RefToConversation skal vere MsgId for den første meldinga i tråden som blir svara på. Rett han, og lever på nytt.",
        "RefToParent and RefToConversation in the reply do not belong to one thread. RefToConversation must be the MsgId of the first message in the thread that is answered. Correct it, then hand in again.",
    ),
    Code.REPLY_TO_ANOTHER: (
        "Mottakeren av svaret er ikke den som sendte meldingen det viser til, og hører ikke til samme virksomhet. Rett mottakeren, og lever på nytt.",
        "Mottakaren av svaret er ikkje den som sende meldinga det viser til, og høyrer ikkje til same verksemd. Rett mottakaren, og lever på nytt.",
        "The receiver of the reply is not the one that sent the message that it refers to, and not of the same enterprise. Correct the receiver, then hand in again.",
    ),
    Code.MSGID_USED: (
        "MsgId er brukt før, i en annen melding. Gi svaret en ny MsgId, og lever på nytt.",
        "MsgId er brukt før, i ei anna melding. Gje svaret ein ny MsgId, og lever på nytt.",
        "The MsgId was used before, in another message. Give the reply a new MsgId, then hand in again.",
    ),
    Code.CANNOT_SEND: (
        "Svaret kan ikke sendes: {error} Rett dette, og lever på nytt.",
        "Svaret kan ikkje sendast: {error} Rett dette, og lever på nytt.",
        "The reply cannot be sent: {error} Correct this, then hand in again.",
    ),
    Code.APPREC_HAS_ITS_ADDRESS: (
        "En AppRec leveres på apprec, med status og feil. Bruk den adressen.",
        "Ein AppRec blir levert på apprec, med status og feil. Bruk den adressa.",
        "An AppRec is handed in at apprec, with status and errors. Use that address.",
    ),
    Code.STATUS_AND_ERRORS: (
        "AppRec 1 har ingen feil, AppRec 2 og 3 minst én. Rett status eller errors.",
        "AppRec 1 har ingen feil, AppRec 2 og 3 minst éin. Rett status eller errors.",
        "AppRec 1 has no errors, AppRec 2 and 3 have at least one. Correct status or errors.",
    ),
    Code.UNKNOWN_CODE: (
        "En feilkode står ikke i kodeverk 8221. Bruk en av kodene der, som X99 med en forklaring.",
        "Ein feilkode står ikkje i kodeverk 8221. Bruk ein av kodane der, som X99 med ei forklaring.",
        "An error code is not in code system 8221. Use one of the codes there, such as X99 with a detail.",
    ),
    Code.DETAIL_TOO_LONG: (
        "En forklaring er for lang; høyst {most} tegn sendes. Gjør den kortere.",
        "Ei forklaring er for lang; høgst {most} teikn blir sende. Gjer ho kortare.",
        "A detail is too long; at most {most} characters are sent. Shorten it.",
    ),
    Code.NUMBER_IN_DETAIL: (
        "Et fødselsnummer står i en forklaring. Ta det ut; det kan ikke sendes.",
        "Eit fødselsnummer står i ei forklaring. Ta det ut; det kan ikkje sendast.",
        "A national identity number stands in a detail. Take it out; it may not be sent.",
    ),
    Code.CLIENT_EXISTS: (
        "Det finnes en klient {name} fra før. Trekk den tilbake først, eller velg et annet navn.",
        "Det finst ein klient {name} frå før. Trekk han tilbake først, eller vel eit anna namn.",
        "There is a client {name} already. Revoke that one first, or choose another name.",
    ),
    Code.CLIENT_NAME: (
        "Navnet på en klient har 1 til 63 tegn: små bokstaver a til z, sifre, punktum og bindestrek, og begynner og slutter med en bokstav eller et siffer.",
        "Namnet på ein klient har 1 til 63 teikn: små bokstavar a til z, siffer, punktum og bindestrek, og byrjar og sluttar med ein bokstav eller eit siffer.",
        "A client's name has 1 to 63 lower-case letters a to z, digits, dots and hyphens, and begins and ends with a letter or digit.",
    ),
    Code.OTHER_INBOX: (
        'HER-id {her_id} har inbox = "{inbox}". Sett inbox = "api" i partsfilen, og importer den først.',
        'HER-id {her_id} har inbox = "{inbox}". Set inbox = "api" i partsfila, og importer ho først.',
        'HER-id {her_id} has inbox = "{inbox}". Set inbox = "api" in the parties file and import it first.',
    ),
    Code.WEBHOOK_ADDRESS: (
        "En webhook er en adresse med http eller https og en vert, uten bruker, passord eller fragment. Rett adressen.",
        "Ein webhook er ei adresse med http eller https og ein vert, utan brukar, passord eller fragment. Rett adressa.",
        "A webhook is an address with http or https, a host, and no user, password or fragment. Correct the address.",
    ),
    Code.WEBHOOK_IN_CLEAR: (
        "I produksjon er en webhook en adresse med https, eller en på denne maskinen. Rett adressen.",
        "I produksjon er ein webhook ei adresse med https, eller ei på denne maskina. Rett adressa.",
        "In production a webhook is an address with https, or one on this machine. Correct the address.",
    ),
    Code.WEBHOOK_TOO_LONG: (
        "Adressen til en webhook har høyst {most} synlige ASCII-tegn, og ingen mellomrom. Rett adressen.",
        "Adressa til ein webhook har høgst {most} synlege ASCII-teikn, og ingen mellomrom. Rett adressa.",
        "A webhook's address has at most {most} printable ASCII characters, and no blanks. Correct the address.",
    ),
    Code.NO_CLIENT: (
        "Det finnes ingen aktiv klient {name}. `samvik client list` viser dem.",
        "Det finst ingen aktiv klient {name}. `samvik client list` viser dei.",
        "There is no active client {name}. `samvik client list` shows them.",
    ),
    Code.WEBHOOK_FAILS: (
        "Klienten {name} til HER-id {her_id} får ikke varsler om nye dokumenter. {reply} Det prøves videre av seg selv. Dokumentene ligger i innboksen. Rett adressen med samvik client webhook, eller kontakt leverandøren.",
        "Klienten {name} til HER-id {her_id} får ikkje varsel om nye dokument. {reply} Det blir prøvd vidare av seg sjølv. Dokumenta ligg i innboksen. Rett adressa med samvik client webhook, eller kontakt leverandøren.",
        "Client {name} of HER-id {her_id} gets no notices of new documents. {reply} They are tried further by themselves. The documents are in the inbox. Correct the address with samvik client webhook, or contact the vendor.",
    ),
    Code.WEBHOOK_STATUS: (
        "Mottakeren svarte HTTP {status}.",
        "Mottakaren svara HTTP {status}.",
        "The receiver answered HTTP {status}.",
    ),
    Code.WEBHOOK_SILENT: (
        "Mottakeren svarte ikke innen {seconds} sekunder.",
        "Mottakaren svara ikkje innan {seconds} sekund.",
        "The receiver did not answer within {seconds} seconds.",
    ),
    Code.WEBHOOK_NOT_REACHED: (
        "Mottakeren kan ikke nås ({error}).",
        "Mottakaren kan ikkje nåast ({error}).",
        "The receiver cannot be reached ({error}).",
    ),
    Code.WEBHOOK_GONE: (
        "Klienten {name} til HER-id {her_id} får ikke varsler om nye dokumenter: mottakeren svarer at adressen er borte (410). Dokumentene ligger i innboksen. Rett adressen med samvik client webhook, eller kontakt leverandøren.",
        "Klienten {name} til HER-id {her_id} får ikkje varsel om nye dokument: mottakaren svarar at adressa er borte (410). Dokumenta ligg i innboksen. Rett adressa med samvik client webhook, eller kontakt leverandøren.",
        "Client {name} of HER-id {her_id} gets no notices of new documents: the receiver answers that the address is gone (410). The documents are in the inbox. Correct the address with samvik client webhook, or contact the vendor.",
    ),
    Code.NO_ORDINARY_FILE: (
        "Bare vanlige filer kan leses, ikke mapper, lenker eller rør. Rett filen, og lever på nytt.",
        "Berre vanlege filer kan lesast, ikkje mapper, lenkjer eller røyr. Rett fila, og lever på nytt.",
        "Only ordinary files can be read, not folders, links or pipes. Correct the file, then hand it in again.",
    ),
    Code.FILE_TOO_LARGE: (
        "Filen er på {size} byte; høyst {most} tas imot. Gjør meldingen mindre, og lever på nytt.",
        "Fila er på {size} byte; høgst {most} blir tekne imot. Gjer meldinga mindre, og lever på nytt.",
        "The file has {size} bytes; at most {most} are taken. Make the message smaller, then hand it in again.",
    ),
    Code.FILE_EMPTY: (
        "Filen er tom. Skriv den ferdig under et annet navn, og gi den nytt navn til slutt. Rett filen, og lever på nytt.",
        "Fila er tom. Skriv ho ferdig under eit anna namn, og gje ho nytt namn til slutt. Rett fila, og lever på nytt.",
        "The file is empty. Write it under another name, and rename it when it is whole. Correct the file, then hand it in again.",
    ),
    Code.FILE_CLOSED: (
        "Samvik har ikke lov til å lese filen. Rett rettighetene på den, og lever på nytt.",
        "Samvik har ikkje lov til å lese fila. Rett rettane på ho, og lever på nytt.",
        "Samvik may not read the file. Correct its permissions, then hand it in again.",
    ),
    Code.FILE_STAYS: (
        "Filen er behandlet, men kan ikke flyttes eller slettes. Rett rettighetene på mappene, eller fjern filen.",
        "Fila er handsama, men kan ikkje flyttast eller slettast. Rett rettane på mappene, eller fjern fila.",
        "The file is done with, but can be neither moved nor deleted. Correct the permissions of the folders, or remove the file.",
    ),
    Code.FOLDER_CLOSED: (
        "Mappen kan ikke åpnes. Se at HER-ID/out er en mappe som motoren kan lese og skrive i.",
        "Mappa kan ikkje opnast. Sjå at HER-ID/out er ei mappe som motoren kan lese og skrive i.",
        "The folder cannot be opened. See that HER-ID/out is a folder that the engine can read and write.",
    ),
}
