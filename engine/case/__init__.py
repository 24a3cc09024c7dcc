"""The deviation case: its 30-day clock, who may do what, and what each step leads to.

Knows no MIME, SOAP or certificate.
"""
