"""What is said about mail servers: the one that mail leaves through, and those of mailboxes."""

from adapters.words.language import Row
from engine.codes.mail_server import MailServerCode as Code

MAIL_SERVER: dict[str, Row] = {
    # the connection
    Code.NOT_REACHED: (
        "Ingen forbindelse med e-posttjeneren ({error}).",
        "Inga kopling til e-posttenaren ({error}).",
        "No connection to the mail server ({error}).",
    ),
    Code.SILENT: (
        "E-posttjeneren svarer ikke.",
        "E-posttenaren svarar ikkje.",
        "The mail server does not answer.",
    ),
    Code.CLOSED: (
        "E-posttjeneren avsluttet forbindelsen.",
        "E-posttenaren avslutta koplinga.",
        "The mail server closed the connection.",
    ),
    Code.LOST: (
        "Forbindelsen med e-posttjeneren er brutt ({error}).",
        "Koplinga til e-posttenaren er broten ({error}).",
        "The connection to the mail server is lost ({error}).",
    ),
    Code.BUSY: (
        "E-posttjeneren tar ikke imot forbindelser nå ({reply}).",
        "E-posttenaren tek ikkje imot koplingar no ({reply}).",
        "The mail server takes no connection now ({reply}).",
    ),
    # TLS and log-in
    Code.NOT_TRUSTED: (
        "Sertifikatet til e-posttjeneren er ikke til å stole på ({error}).",
        "Sertifikatet til e-posttenaren er ikkje til å stole på ({error}).",
        "The certificate of the mail server cannot be trusted ({error}).",
    ),
    Code.NO_TLS: (
        "E-posttjeneren og Samvik kan ikke bli enige om TLS.",
        "E-posttenaren og Samvik kan ikkje bli samde om TLS.",
        "No TLS can be agreed on with the mail server.",
    ),
    Code.NO_STARTTLS: (
        "E-posttjeneren tilbyr ikke STARTTLS, så ingenting ble sendt til den.",
        "E-posttenaren tilbyr ikkje STARTTLS, så ingenting vart sendt til han.",
        "The mail server offers no STARTTLS, so nothing was sent to it.",
    ),
    Code.STARTTLS_REFUSED: (
        "E-posttjeneren avviser STARTTLS ({status}).",
        "E-posttenaren avviser STARTTLS ({status}).",
        "The mail server refuses STARTTLS ({status}).",
    ),
    Code.NO_LOG_IN: (
        "E-posttjeneren tilbyr ingen innlogging (AUTH); se relay.user og relay.tls.",
        "E-posttenaren tilbyr inga innlogging (AUTH); sjå relay.user og relay.tls.",
        "The mail server offers no log-in (AUTH); see relay.user and relay.tls.",
    ),
    Code.WRONG_PASSWORD: (
        "E-posttjeneren godtar ikke relay.user med det passordet ({status}).",
        "E-posttenaren godtek ikkje relay.user med det passordet ({status}).",
        "The mail server does not take relay.user with that password ({status}).",
    ),
    Code.WANTS_LOG_IN: (
        "E-posttjeneren krever TLS eller innlogging, se [relay] ({reply}).",
        "E-posttenaren krev TLS eller innlogging, sjå [relay] ({reply}).",
        "The mail server wants TLS or a log-in, see [relay] ({reply}).",
    ),
    # a mail
    Code.TOO_LARGE: (
        "E-posten er på {size} byte, og e-posttjeneren tar høyst {most} (SIZE). Den ble ikke sendt.",
        "E-posten er på {size} byte, og e-posttenaren tek høgst {most} (SIZE). Han vart ikkje send.",
        "The mail has {size} bytes, and the mail server takes {most} at most (SIZE). It was not sent.",
    ),
    Code.BAD_ADDRESS: (
        "En adresse i meldingen kan ikke skrives i SMTP.",
        "Ei adresse i meldinga kan ikkje skrivast i SMTP.",
        "An address of the message cannot be written in SMTP.",
    ),
    Code.LOST_AFTER_DATA: (
        "Forbindelsen ble brutt etter at e-posten var sendt, før svaret kom ({error}). Mottakeren kan ha fått den.",
        "Koplinga vart broten etter at e-posten var send, før svaret kom ({error}). Mottakaren kan ha fått han.",
        "The connection was lost after the mail was sent, before the answer came ({error}). The receiver may have it.",
    ),
}
