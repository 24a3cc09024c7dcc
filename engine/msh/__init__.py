"""The ebXML 2.0 message service: MIME, envelope, signature, encryption, certificates, trust, agreements and retries.

Knows no deviation, no case and no business document but as bytes.
"""
