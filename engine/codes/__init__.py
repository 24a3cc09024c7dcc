"""What the engine can say: codes with parameters, by theme. `adapters/words/` puts each into three languages.

Every theme is loaded with the package, so that a stored statement is known by its code.
"""

from engine.codes import (
    agreement,
    case,
    case_task,
    certificate,
    channel,
    deviation,
    document,
    envelope,
    file,
    inbound,
    mail,
    message,
    operations,
    party,
    profile,
    record_system,
    register,
    schema,
    send_back,
    signature,
    xml,
)

__all__ = [
    "agreement",
    "case",
    "case_task",
    "certificate",
    "channel",
    "deviation",
    "document",
    "envelope",
    "file",
    "inbound",
    "mail",
    "message",
    "operations",
    "party",
    "profile",
    "record_system",
    "register",
    "schema",
    "send_back",
    "signature",
    "xml",
]
