"""The ebXML 2.0 message service: MIME, envelope, signature, encryption, and when a message is sent again.

It knows no case, and a business document only as bytes. Whom we trust is in engine/trust, what was agreed in
engine/agreements.
"""
