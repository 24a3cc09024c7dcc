"""Files that came with a document, held against the agreement: what each is, how many, how large.

Nothing here repeats a name: findings stand in logs, and what people call their files is theirs.
"""

from collections.abc import Iterator, Sequence

from engine.agreements.terms import Terms
from engine.codes.profile import ProfileCode
from engine.codes.statement import Statement
from engine.errors import Finding, Severity
from engine.files.kind import AGREEABLE, FileKind, declared, is_structured, sniff
from engine.payload.attachment import Attachment

RULE = "attachment"
CODE = "T99"
"""AppRec has no code of its own for files: this is 'annen formatfeil'. AppRec 3 is not supported (payload.md C)."""


def file_findings(attachments: Sequence[Attachment], terms: Terms, *, strict: bool) -> tuple[Finding, ...]:
    """Return where files depart from what is agreed, Errors if `strict`, and where one is not what it says (a Warning).

    Samvik's own structured attachments are none of those files.
    """
    weight = Severity.ERROR if strict else Severity.WARNING
    files = [(number, each) for number, each in enumerate(attachments, 1) if not is_structured(each)]
    found = [Finding(RULE, CODE, weight, "/MsgHead/Document", said) for said in _number(len(files), terms)]
    for number, file in files:
        kind = sniff(file.content)
        broken, noted = list(_broken(number, file, kind, terms)), list(_noted(number, file, kind))
        found += [Finding(RULE, CODE, weight, file.place, said) for said in broken]
        found += [Finding(RULE, CODE, Severity.WARNING, file.place, said) for said in noted]
    return tuple(found)


def _number(number: int, terms: Terms) -> Iterator[Statement]:
    if number > terms.attachment_most:
        yield Statement.of(ProfileCode.MANY_FILES, number=number, most=terms.attachment_most)


def _broken(number: int, file: Attachment, kind: FileKind, terms: Terms) -> Iterator[Statement]:
    if file.file_reference:
        return
    agreed, size, most = terms.attachment_types, len(file.content), terms.attachment_most_bytes
    if kind not in agreed:
        yield Statement.of(ProfileCode.OTHER_KIND, number=number, kind=kind, types=sorted(agreed) or "-")
    if size > most:
        yield Statement.of(ProfileCode.LARGE_FILE, number=number, size=size, most=most)


def _noted(number: int, file: Attachment, kind: FileKind) -> Iterator[Statement]:
    if file.file_reference:
        yield Statement.of(ProfileCode.FILE_ELSEWHERE, number=number)
    elif file.mime_type and declared(file.mime_type) is not (kind if kind in AGREEABLE else None):
        yield Statement.of(ProfileCode.FILE_NOT_AS_SAID, number=number, kind=kind)
