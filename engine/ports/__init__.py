"""What the engine needs of the world. Adapters implement these; the tests' fakes pass the same contract suite.

Every method on rows that belong to a party takes the owner first: the HER-id of the enterprise at the root of the
party's tree, or OPERATOR. With the wrong owner it finds nothing and changes nothing.
"""

from engine.ports.store import Store, UnitOfWork
from engine.ports.surroundings import (
    AttachmentScanner,
    Clock,
    FreshBytes,
    Ids,
    KeyStore,
    Oaep,
    Offload,
    PartnerWords,
    PdfRenderer,
    RevocationSource,
    SmtpOutcome,
    SmtpReply,
    Transport,
    Way,
    WebhookReply,
    Webhooks,
)

__all__ = [
    "AttachmentScanner",
    "Clock",
    "FreshBytes",
    "Ids",
    "KeyStore",
    "Oaep",
    "Offload",
    "PartnerWords",
    "PdfRenderer",
    "RevocationSource",
    "SmtpOutcome",
    "SmtpReply",
    "Store",
    "Transport",
    "UnitOfWork",
    "Way",
    "WebhookReply",
    "Webhooks",
]
