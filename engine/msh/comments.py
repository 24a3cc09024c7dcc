"""Comments in header fields (RFC 5322, 3.2.2): structured fields may have them, and programs skip them."""

from email.message import Message

STRUCTURED = ("Content-Type", "Content-Transfer-Encoding", "Content-ID", "Message-ID", "Auto-Submitted")
"""Fields that are read here and in whose grammar comments stand. Others, such as Subject, are plain text."""


def drop_comments(header: Message, names: tuple[str, ...] = STRUCTURED) -> None:
    """Take the comments out of the first of each of these fields."""
    for name in names:
        value = str(header.get(name, ""))
        if "(" in value:
            header.replace_header(name, without_comments(value))


def without_comments(value: str) -> str:
    """Return a structured value without its comments; they may nest, and stand in no quoted text and no brackets.

    A comment that does not end is none. The time taken grows with the length alone.
    """
    kept: list[str] = []
    depth, quoted, bracket, skip = 0, False, False, False
    for sign in value:
        if skip:
            skip = False
        elif sign == "\\" and (quoted or depth):
            skip = True
        elif depth:
            depth += (sign == "(") - (sign == ")")
            continue
        elif sign == '"':
            quoted = not quoted
        elif not quoted and sign in "<>":
            bracket = sign == "<"
        elif sign == "(" and not quoted and not bracket:
            depth = 1
            continue
        if not depth:
            kept.append(sign)
    return value if depth else "".join(kept).strip()
