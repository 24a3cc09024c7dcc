"""Bounces as mail servers write them: Postfix's form, with anything in it that a test wants otherwise."""

import re
from email.parser import BytesHeaderParser

BOUNDARY = "F4E2A1.1700000000/mx.example.test"
DIAGNOSTIC = "smtp; 550 5.1.1 <levanger@testedi.nhn.no>: Recipient address rejected: User unknown"


def message_id(mail: bytes) -> str:
    """Return a mail's own Message-ID, in brackets."""
    return BytesHeaderParser().parsebytes(mail)["Message-ID"]


def header_of(mail: bytes) -> str:
    """Return the header of a mail, without the empty line that ends it."""
    return mail.partition(b"\r\n\r\n")[0].decode().replace("\r\n", "\n")


def bounce(
    returned: str | bytes,
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = DIAGNOSTIC,
    third: str = "text/rfc822-headers",
) -> bytes:
    """Return the bounce of a mail: a whole one, or one of which only the Message-ID (in brackets) is known."""
    fields = f"Message-ID: {returned}" if isinstance(returned, str) else header_of(returned)
    return f"""Return-Path: <>
Date: Wed, 15 Jan 2025 10:00:00 +0000 (UTC)
From: MAILER-DAEMON@mx.example.test (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: innherred@testedi.nhn.no
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="{BOUNDARY}"
Message-Id: <20250115100000.F4E2A1@mx.example.test>

This is a MIME-encapsulated message.

--{BOUNDARY}
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--{BOUNDARY}
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.test
X-Postfix-Queue-ID: F4E2A1
Arrival-Date: Wed, 15 Jan 2025 09:59:59 +0000 (UTC)

Final-Recipient: rfc822; levanger@testedi.nhn.no
Original-Recipient: rfc822;levanger@testedi.nhn.no
Action: {action}
Status: {status}
Remote-MTA: dns; mx.annen.example.test
Diagnostic-Code: {diagnostic}

--{BOUNDARY}
Content-Description: Undelivered Message Headers
Content-Type: {third}

Received: from localhost by mx.example.test (Postfix) id F4E2A1
{fields}
X-Last: x

--{BOUNDARY}--
""".replace("\n", "\r\n").encode()


def without(mail: bytes, header: bytes) -> bytes:
    """Return a mail without its lines that begin so."""
    return re.sub(rb"^" + header + rb"[^\n]*\n", b"", mail, flags=re.MULTILINE)
