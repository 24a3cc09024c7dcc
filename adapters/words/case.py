"""What is said to those who take steps in cases."""

from adapters.words.language import Row
from engine.codes.case import CaseCode as Code

CASE: dict[str, Row] = {
    Code.NO_REASON: (
        "Det mangler en begrunnelse. Skriv hvorfor.",
        "Det manglar ei grunngjeving. Skriv kvifor.",
        "A reason is needed. Say why.",
    ),
    Code.NUMBER_IN_REASON: (
        "Begrunnelsen har et fødselsnummer. Ta det ut; begrunnelser blir logget.",
        "Grunngjevinga har eit fødselsnummer. Ta det ut; grunngjevingar blir logga.",
        "A national identity number stands in the reason. Take it out; reasons are logged.",
    ),
    Code.NUMBER_IN_TEXT: (
        "Det står et fødselsnummer i: {fields:field}. Ta det ut; det kan ikke sendes.",
        "Det står eit fødselsnummer i: {fields:field}. Ta det ut; det kan ikkje sendast.",
        "A national identity number stands in: {fields:field}. Take it out; it may not be sent.",
    ),
    Code.MAY_NOT: (
        "En {role:role} kan ikke gjøre dette ({step:step}). Det kan: {roles:role}.",
        "Ein {role:role} kan ikkje gjere dette ({step:step}). Det kan: {roles:role}.",
        "A {role:role} may not do this ({step:step}). That is for: {roles:role}.",
    ),
    Code.NOT_FOUND: (
        "Det finnes ingen sak {number} her. Se hvilke saker som finnes med: samvik case list",
        "Det finst inga sak {number} her. Sjå kva saker som finst med: samvik case list",
        "There is no case {number} here. See which there are with: samvik case list",
    ),
    Code.NOT_POSSIBLE: (
        "Sak {number} er {state} ({state:state}). Da går det ikke å {step:step}. Mulig nå: {ways:list}.",
        "Sak {number} er {state} ({state:state}). Då går det ikkje å {step:step}. Mogleg no: {ways:list}.",
        "Case {number} is {state} ({state:state}), so you cannot {step:step}. Possible now: {ways:list}.",
    ),
    Code.WAY: (
        "{step:step} ({roles:role})",
        "{step:step} ({roles:role})",
        "{step:step} ({roles:role})",
    ),
    Code.NO_WAY: (
        "ingenting",
        "ingenting",
        "nothing",
    ),
    Code.NO_NEW_RECEIVER: (
        "Sak {number} kom til feil mottaker. Oppgi den rette mottakeren (--to) når du sender på nytt.",
        "Sak {number} kom til feil mottakar. Oppgje den rette mottakaren (--to) når du sender på nytt.",
        "Case {number} went to the wrong addressee. Name the right one (--to) when you send it again.",
    ),
    Code.THEY_ANSWER: (
        "Sak {number} er meldt av oss. Det er motparten som svarer i den.",
        "Sak {number} er meld av oss. Det er motparten som svarar i henne.",
        "Case {number} was reported by us. It is for the other side to answer it.",
    ),
    Code.THEY_CONFIRM: (
        "Sak {number} er meldt av oss. Det er motparten som bekrefter at den er mottatt.",
        "Sak {number} er meld av oss. Det er motparten som stadfestar at ho er motteken.",
        "Case {number} was reported by us. It is for the other side to confirm that they have it.",
    ),
    Code.THEY_WITHDRAW: (
        "Sak {number} er meldt av motparten. Bare de kan trekke den.",
        "Sak {number} er meld av motparten. Berre dei kan trekkje henne.",
        "Case {number} was reported by the other side. Only they can withdraw it.",
    ),
    Code.CONFIRMED_ALREADY: (
        "Mottaket av sak {number} er bekreftet før. Én gang er nok.",
        "Mottaket av sak {number} er stadfesta før. Éin gong er nok.",
        "Receipt of case {number} has been confirmed already; once is enough.",
    ),
    Code.SAME_PERSON: (
        "Sak {number} må godkjennes av en annen enn den som skrev den. Be en kollega, eller sett second_person = false "
        "for parten i partsfila.",
        "Sak {number} må godkjennast av ein annan enn den som skreiv ho. Be ein kollega, eller set second_person = false "
        "for parten i partsfila.",
        "Case {number} must be approved by another person than who wrote it. Ask a colleague, or set "
        "second_person = false for the party in the parties file.",
    ),
    Code.NOT_ANSWERED: (
        "Sak {number} er mottatt og ikke besvart. Svar i saken; da kan den lukkes.",
        "Sak {number} er motteken og ikkje svart på. Svar i saka; då kan ho lukkast.",
        "Case {number} was received and has not been answered. Answer it; then it can be closed.",
    ),
    Code.NO_REMINDER_IN_DOUBT: (
        "Det er ingen tvil om purringen i sak {number}. Andre purringer går av seg selv.",
        "Det er ingen tvil om purringa i sak {number}. Andre purringar går av seg sjølve.",
        "The reminder of case {number} is not in doubt. All other reminders are sent by themselves.",
    ),
    Code.NO_MESSAGE_CAN_GO: (
        "Sak {number} kom ikke som melding ({channel:channel}). Derfor kan det ikke sendes meldinger i den.",
        "Sak {number} kom ikkje som melding ({channel:channel}). Derfor kan det ikkje sendast meldingar i henne.",
        "Case {number} did not come as a message ({channel:channel}), so no message can be sent in it.",
    ),
    Code.NO_THREAD: (
        "Sak {number} er ikke sendt ennå, så det finnes ingen tråd å skrive i.",
        "Sak {number} er ikkje send enno, så det finst ingen tråd å skrive i.",
        "Case {number} has not been sent yet, so it has no thread to write in.",
    ),
    Code.LETTER_WITHOUT_FILES: (
        "Sak {number} besvares med brev, og brevet tar ingen filer. Send filene ved siden av.",
        "Sak {number} blir svart på med brev, og brevet tek ingen filer. Send filene ved sida av.",
        "Case {number} is answered by a letter, which takes no files. Send the files beside it.",
    ),
    Code.NO_ORIGINAL: (
        "Sak {number} er meldt av oss, og har ingen original fra en motpart.",
        "Sak {number} er meld av oss, og har ingen original frå ein motpart.",
        "Case {number} was reported by us, so it has no original from a partner.",
    ),
    Code.ORIGINAL_GONE: (
        "Originalen til sak {number} finnes ikke her lenger. Spør motparten om den.",
        "Originalen til sak {number} finst ikkje her lenger. Spør motparten om han.",
        "The original of case {number} is no longer here. Ask the other side for it.",
    ),
    Code.CAME_AS_MESSAGE: (
        "Sak {number} kom som melding. Les den med: samvik case original {number}",
        "Sak {number} kom som melding. Les henne med: samvik case original {number}",
        "Case {number} came as a message. Read it with: samvik case original {number}",
    ),
    Code.CAME_OTHERWISE: (
        "Sak {number} kom ikke som melding. Hent filene med: samvik case files {number}",
        "Sak {number} kom ikkje som melding. Hent filene med: samvik case files {number}",
        "Case {number} did not come as a message. Get its files with: samvik case files {number}",
    ),
    Code.REMINDER_RECALLED: (
        "Ingen skal purres lenger: saken har gått videre.",
        "Ingen skal purrast lenger: saka har gått vidare.",
        "Nobody is to be reminded any more: the case has moved on.",
    ),
    Code.MOVED_MEANWHILE: (
        "Sak {number} ble flyttet av en annen node i mellomtiden. Prøv på nytt.",
        "Sak {number} vart flytta av ein annan node i mellomtida. Prøv på nytt.",
        "Case {number} was moved by another node meanwhile. Try again.",
    ),
    Code.REMINDER_TAKEN: (
        "Sak {number} har alt fått sin ene purring for sending nummer {sending_number}, men det står ikke på saken. Meld fra til drift.",
        "Sak {number} har alt fått den eine purringa si for sending nummer {sending_number}, men det står ikkje på saka. Meld frå til drift.",
        "Case {number} has had its one reminder for sending number {sending_number}, but does not say so. Tell operations.",
    ),
    Code.NO_CONTENT: (
        "Sak {number} har ikke noe innhold i databasen. Meld fra til drift.",
        "Sak {number} har ikkje noko innhald i databasen. Meld frå til drift.",
        "Case {number} has no content in the database. Tell operations.",
    ),
    Code.IS_A_MESSAGE: (
        "Sak {number} kom som melding, og besvares med en melding, ikke med et brev.",
        "Sak {number} kom som melding, og blir svart på med ei melding, ikkje med eit brev.",
        "Case {number} came as a message, and is answered by a message, not by a letter.",
    ),
}
