"""Collects mail from mailboxes, POP3 and IMAP: store, commit, delete that one message (design.md 3, promise 1)."""
