"""Business documents: MsgHead 1.2, Dialogmelding 1.0 and 1.1, AppRec 1.0 and 1.1, and our own deviation document.

Knows nothing of MIME, SOAP, certificates or cases. Writes strictly, reads tolerantly, and says what is wrong as a
PayloadFault (payload.md A to D, H).
"""
