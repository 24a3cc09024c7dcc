"""What the story looks for in the mails that passed: the same bytes again, and how often."""

from adapters.demo.network import Network
from adapters.demo.telling import NotAsTold, Telling
from engine.msh.mime import read_mail
from engine.records.messages import OutgoingMessage


async def same_acknowledgment_twice(told: Telling, since: int, message: OutgoingMessage) -> None:
    """Make sure that two mails since then hold the same Acknowledgment of a message, byte for byte."""
    wanted = f"RefToMessageId>{message.header.message_id}<".encode()

    async def there() -> list[bytes]:
        soaps = [read_mail(mail).soap for mail in told.network.passed[since:]]
        found = [soap for soap in soaps if b"eb:Acknowledgment" in soap and wanted in soap]
        return found if len(found) > 1 else []

    if len(set(await told.until(there, "the stored acknowledgment to be sent again"))) != 1:
        raise NotAsTold("the acknowledgment should be the stored one")


def same_envelope_again(network: Network, since: int, message: OutgoingMessage) -> int:
    """Make sure that a message was sent again since then, the same envelope in a new mail; count its copies."""
    copies = [mail for mail in network.passed if _carries(mail, message)]
    if not any(_carries(mail, message) for mail in network.passed[since:]):
        raise NotAsTold("the message should have been sent again")
    mails = [read_mail(mail) for mail in copies]
    if len({mail.soap for mail in mails}) != 1 or len({mail.message_id for mail in mails}) != len(mails):
        raise NotAsTold("a resend should be the same envelope in a new mail")
    return len(copies)


def mail_of(network: Network, message: OutgoingMessage) -> bytes:
    """Return the mail that carried a message."""
    return next(mail for mail in network.passed if _carries(mail, message))


def _carries(mail: bytes, message: OutgoingMessage) -> bool:
    soap = read_mail(mail).soap
    return f"<eb:MessageId>{message.header.message_id}</eb:MessageId>".encode() in soap
