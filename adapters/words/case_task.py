"""What a person is called to do about a case."""

from adapters.words.language import Row
from engine.codes.case_task import CaseTaskCode as Code

CASE_TASK: dict[str, Row] = {
    Code.ASSURE: (
        "{number}: Et avvik venter på kvalitetssikring. Godkjenn det, eller gi det tilbake.",
        "{number}: Eit avvik ventar på kvalitetssikring. Godkjenn det, eller gje det tilbake.",
        "{number}: A deviation awaits quality assurance. Approve it, or give it back.",
    ),
    Code.RETURNED: (
        "{number}: Et avvik er gitt tilbake til melder med en begrunnelse. Rett det, og send det inn på nytt.",
        "{number}: Eit avvik er gjeve tilbake til meldar med ei grunngjeving. Rett det, og send det inn på nytt.",
        "{number}: A deviation was given back to its reporter with a reason. Correct it, and hand it in again.",
    ),
    Code.NOT_SENT: (
        "{number}: Et godkjent avvik er ikke sendt. Send det.",
        "{number}: Eit godkjent avvik er ikkje sendt. Send det.",
        "{number}: An approved deviation has not been sent. Send it.",
    ),
    Code.NO_ANSWER: (
        "{number}: Motparten har ikke svart etter purringen. Ta kontakt, eller lukk saken.",
        "{number}: Motparten har ikkje svart etter purringa. Ta kontakt, eller lukk saka.",
        "{number}: The other side has not answered after the reminder. Get in touch, or close the case.",
    ),
    Code.WE_HAVE_NOT_ANSWERED: (
        "{number}: Vi har ikke svart på et avvik, heller ikke etter purringen. Svar melderen.",
        "{number}: Vi har ikkje svart på eit avvik, heller ikkje etter purringa. Svar meldaren.",
        "{number}: We have not answered a deviation, not even after the reminder. Answer the reporter.",
    ),
    Code.JUDGE_REPLY: (
        "{number}: Motparten har svart i fritekst. Vurder om svaret er endelig eller foreløpig.",
        "{number}: Motparten har svart i fritekst. Vurder om svaret er endeleg eller førebels.",
        "{number}: The other side has replied in plain text. Judge whether the reply is final or interim.",
    ),
    Code.WRONG_RECEIVER: (
        "{number}: Avviket kom til feil mottaker. Finn den rette mottakeren, og send på nytt.",
        "{number}: Avviket kom til feil mottakar. Finn den rette mottakaren, og send på nytt.",
        "{number}: The deviation went to the wrong receiver. Find the right one, and send it again.",
    ),
    Code.MAY_BE_A_DEVIATION: (
        "{number}: En melding utenfra kan være et avvik. Registrer den som sak, eller avvis den.",
        "{number}: Ei melding utanfrå kan vere eit avvik. Registrer henne som sak, eller avvis henne.",
        "{number}: A message from outside may be a deviation. Register it as a case, or reject it.",
    ),
    Code.MAY_BE_A_DEVIATION_OTHERWISE: (
        "{number}: En henvendelse ({channel:channel}) kan være et avvik. Registrer den som sak, eller avvis den.",
        "{number}: Ein førespurnad ({channel:channel}) kan vere eit avvik. Registrer han som sak, eller avvis han.",
        "{number}: What came by another channel ({channel:channel}) may be a deviation. Register it as a case, or reject it.",
    ),
    Code.ARRIVED: (
        "{number}: Et avvik er kommet inn og venter på behandling.",
        "{number}: Eit avvik er kome inn og ventar på handsaming.",
        "{number}: A deviation has come in and awaits treatment.",
    ),
    Code.ARRIVED_OTHERWISE: (
        "{number}: Et avvik er mottatt ({channel:channel}) og skal besvares samme vei.",
        "{number}: Eit avvik er motteke ({channel:channel}) og skal svarast på same vegen.",
        "{number}: A deviation was received ({channel:channel}) and is to be answered the same way.",
    ),
    Code.TREAT: (
        "{number}: Et avvik er mottatt og skal besvares.",
        "{number}: Eit avvik er motteke og skal svarast på.",
        "{number}: A deviation was received and is to be answered.",
    ),
    Code.REFUSED: (
        "{number}: Motparten har avvist avviket (AppRec 2). Les årsaken. Trekk saken, og meld på nytt rettet.",
        "{number}: Motparten har avvist avviket (AppRec 2). Les årsaka. Trekk saka, og meld på nytt retta.",
        "{number}: The other side has refused the deviation (AppRec 2). Read why. Withdraw the case, and report it again corrected.",
    ),
    Code.REFUSED_BY_RECORD_SYSTEM: (
        "{number}: Fagsystemet avviste meldingen som åpnet saken, og avsenderen har fått AppRec 2. Avklar med avsenderen.",
        "{number}: Fagsystemet avviste meldinga som opna saka, og avsendaren har fått AppRec 2. Avklar med avsendaren.",
        "{number}: The record system refused the message that opened the case, and the sender has been told (AppRec 2). Settle it with the sender.",
    ),
    Code.REMINDED_EARLY: (
        "{number}: Motparten har purret før svarfristen. Se hvor langt saken er kommet.",
        "{number}: Motparten har purra før svarfristen. Sjå kor langt saka er komen.",
        "{number}: The other side has sent a reminder before the answer was due. See how far the case has come.",
    ),
    Code.MISADDRESSED_TOO_LATE: (
        "{number}: Motparten melder at avviket kom til feil adressat, men saken venter ikke på dem. Les meldingen i innboksen, og avklar med motparten.",
        "{number}: Motparten melder at avviket kom til feil adressat, men saka ventar ikkje på dei. Les meldinga i innboksen, og avklar med motparten.",
        "{number}: The other side says that the deviation went to the wrong addressee, but the case does not wait for them. Read the message in the inbox, and settle it with the other side.",
    ),
    Code.UNEXPECTED: (
        "{number}: Det skjedde noe uventet i saken ({event:event}). Se tidslinjen til saken.",
        "{number}: Det hende noko uventa i saka ({event:event}). Sjå tidslinja til saka.",
        "{number}: Something unexpected happened in the case ({event:event}). See the timeline of the case.",
    ),
    Code.ANSWERED_THOUGH_REFUSED: (
        "{number}: Motparten skriver i saken, men har avvist avviket (AppRec 2). Ingen purring går. Avklar med motparten.",
        "{number}: Motparten skriv i saka, men har avvist avviket (AppRec 2). Inga purring går. Avklar med motparten.",
        "{number}: The other side writes in the case, but has refused the deviation (AppRec 2). No reminder will be sent. Settle it with the other side.",
    ),
    Code.REPORTER_WROTE: (
        "{number}: Melderen har skrevet i tråden. Les meldingen i innboksen.",
        "{number}: Meldaren har skrive i tråden. Les meldinga i innboksen.",
        "{number}: The reporter has written in the thread. Read the message in the inbox.",
    ),
    Code.REPLY: (
        "{number}: En ny melding i tråden ligger i innboksen. Les den.",
        "{number}: Ei ny melding i tråden ligg i innboksen. Les henne.",
        "{number}: A new message in the thread lies in the inbox. Read it.",
    ),
    Code.DEADLINE_PASSED: (
        "{number}: Fristen er passert. Gjør det saken venter på.",
        "{number}: Fristen er passert. Gjer det saka ventar på.",
        "{number}: The deadline has passed. Do what the case waits for.",
    ),
    Code.NOT_TOLD: (
        "{number}: Motparten er ikke varslet om at saken er trukket. Si fra på en annen måte. {error}",
        "{number}: Motparten er ikkje varsla om at saka er trekt. Sei frå på ein annan måte. {error}",
        "{number}: The other side has not been told that the case is withdrawn. Tell them in another way. {error}",
    ),
    Code.NOT_CONFIRMED: (
        "{number}: Mottaket er ikke bekreftet til melderen. Rett årsaken, og bekreft. {error}",
        "{number}: Mottaket er ikkje stadfesta til meldaren. Rett årsaka, og stadfest. {error}",
        "{number}: Receipt has not been confirmed to the reporter. Cure the cause, and confirm it. {error}",
    ),
    Code.REMINDER_REFUSED: (
        "{number}: Purringen kan ikke sendes. Rett årsaken; det prøves på nytt. {error}",
        "{number}: Purringa kan ikkje sendast. Rett årsaka; det blir prøvd på nytt. {error}",
        "{number}: The reminder cannot be sent. Cure the cause; it will be tried again. {error}",
    ),
    Code.REMINDER_IN_DOUBT: (
        "{number}: Purringen hadde frist før databasen ble gjenopprettet fra en sikkerhetskopi, og kan være sendt. Den sendes ikke av seg selv. Spør motparten, og send den om nødvendig med: samvik case remind",
        "{number}: Purringa hadde frist før databasen vart gjenoppretta frå ein sikkerheitskopi, og kan vere send. Ho blir ikkje send av seg sjølv. Spør motparten, og send henne om nødvendig med: samvik case remind",
        "{number}: The reminder was due before the database was restored from a backup, and may have been sent. It will not be sent by itself. Ask the other side, and send it if needed with: samvik case remind",
    ),
    Code.REMINDER_HELD: (
        "{number}: Purringen holdes tilbake, for en melding som kan være svaret, er ikke avgjort. Se i loggen hva som venter eller er i karantene. Purringen går når meldingen er avgjort uten å være et svar.",
        "{number}: Purringa blir halden tilbake, for ei melding som kan vere svaret, er ikkje avgjord. Sjå i loggen kva som ventar eller er i karantene. Purringa går når meldinga er avgjord utan å vere eit svar.",
        "{number}: The reminder is held back, since a message that may be the answer has not been decided. See in the log what waits or is in quarantine. The reminder leaves once the message is decided and is no answer.",
    ),
    Code.LETTER_TO_FETCH: (
        '{number}: Svaret skal sendes på annen måte ({channel:channel}). Hent det med samvik case letter {id}. Send det, og meld fra med samvik message delivered {id} --channel {channel} --at DATO --reason "..."',
        '{number}: Svaret skal sendast på annan måte ({channel:channel}). Hent det med samvik case letter {id}. Send det, og meld frå med samvik message delivered {id} --channel {channel} --at DATO --reason "..."',
        '{number}: The answer is to be sent another way ({channel:channel}). Get it with samvik case letter {id}. Send it, and say so with samvik message delivered {id} --channel {channel} --at DATE --reason "..."',
    ),
    Code.LETTER_IN_FOLDER: (
        '{number}: Svaret skal sendes på annen måte ({channel:channel}), og ligger i out/ for {source}. Send det, og meld fra med samvik message delivered {id} --channel {channel} --at DATO --reason "..."',
        '{number}: Svaret skal sendast på annan måte ({channel:channel}), og ligg i out/ for {source}. Send det, og meld frå med samvik message delivered {id} --channel {channel} --at DATO --reason "..."',
        '{number}: The answer is to be sent another way ({channel:channel}), and lies in out/ of {source}. Send it, and say so with samvik message delivered {id} --channel {channel} --at DATE --reason "..."',
    ),
    Code.NO_CASE_MADE: (
        "Et mottatt avvik kunne ikke bli sak. Les det i innboksen, og kontakt avsenderen.",
        "Eit motteke avvik kunne ikkje bli sak. Les det i innboksen, og kontakt avsendaren.",
        "A received deviation could not become a case. Read it in the inbox, and contact the sender.",
    ),
    Code.FOR_INFORMATION: (
        "{number}: En melding til orientering er registrert og bekreftet. Les den i innboksen.",
        "{number}: Ei melding til orientering er registrert og stadfesta. Les henne i innboksen.",
        "{number}: A message for information is registered and confirmed. Read it in the inbox.",
    ),
    Code.STRANGER: (
        "{number}: En melding i tråden til saken kom fra HER-id {her_id}, som ikke er part i saken. Les den i innboksen.",
        "{number}: Ei melding i tråden til saka kom frå HER-id {her_id}, som ikkje er part i saka. Les henne i innboksen.",
        "{number}: A message in the thread of the case came from HER-id {her_id}, which is no party of the case. Read it in the inbox.",
    ),
    Code.FOLLOW_UP_WITHOUT_A_CASE: (
        "En oppfølging av et avvik hører ikke til noen sak her. Les den i innboksen, og kontakt avsenderen.",
        "Ei oppfølging av eit avvik høyrer ikkje til noka sak her. Les henne i innboksen, og kontakt avsendaren.",
        "A message that follows up a deviation belongs to no case here. Read it in the inbox, and contact the sender.",
    ),
    Code.FEEDBACK: (
        "Motparten melder om feil i en melding fra oss ({fault:fault}). Les den i innboksen, og følg opp. Ingen frist er endret.",
        "Motparten melder om feil i ei melding frå oss ({fault:fault}). Les henne i innboksen, og følg opp. Ingen frist er endra.",
        "The other side reports a fault in a message of ours ({fault:fault}). Read it in the inbox, and follow it up. No deadline has changed.",
    ),
    Code.FEEDBACK_IN_CASE: (
        "{number}: Motparten melder om feil i en melding fra oss ({fault:fault}). Les den i innboksen, og følg opp. Ingen frist er endret.",
        "{number}: Motparten melder om feil i ei melding frå oss ({fault:fault}). Les henne i innboksen, og følg opp. Ingen frist er endra.",
        "{number}: The other side reports a fault in a message of ours ({fault:fault}). Read it in the inbox, and follow it up. No deadline has changed.",
    ),
    Code.FEEDBACK_ON_NOTHING: (
        "En tilbakemelding om feil gjelder ingen melding som er sendt herfra. Les den i innboksen, og kontakt avsenderen. Ingenting er flyttet.",
        "Ei tilbakemelding om feil gjeld inga melding som er send herfrå. Les henne i innboksen, og kontakt avsendaren. Ingenting er flytta.",
        "A report of a fault is about no message that was sent from here. Read it in the inbox, and contact the sender. Nothing has been moved.",
    ),
    Code.FEEDBACK_FROM_A_STRANGER: (
        "En tilbakemelding om feil kom fra HER-id {her_id}, som ikke fikk meldingen den gjelder. Les den i innboksen, og kontakt avsenderen. Ingenting er flyttet.",
        "Ei tilbakemelding om feil kom frå HER-id {her_id}, som ikkje fekk meldinga ho gjeld. Les henne i innboksen, og kontakt avsendaren. Ingenting er flytta.",
        "A report of a fault came from HER-id {her_id}, which did not get the message that it is about. Read it in the inbox, and contact the sender. Nothing has been moved.",
    ),
}
