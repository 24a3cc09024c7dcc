"""Business documents: MsgHead 1.2, Dialogmelding 1.0 and 1.1, AppRec 1.0 and 1.1. Our deviation is in engine/deviation.

Knows no MIME, SOAP, certificates or cases. Writes strictly, reads tolerantly, and raises PayloadFault for what is wrong
(payload.md A to D, H).
"""
