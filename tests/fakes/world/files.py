"""Files as they begin, by what they are, and the harmless string that every virus scanner knows."""

from engine.files.kind import FileKind

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(13)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(20)
TIFF = b"II*\x00\x08\x00\x00\x00" + bytes(20)
TIFF_BIG_END = b"MM\x00*\x00\x00\x00\x08" + bytes(20)
PROGRAM = b"MZ\x90\x00" + bytes(60)
ZIP = b"PK\x03\x04" + bytes(60)
PAGE = b"<!DOCTYPE html><script>alert(1)</script>"

BEGINNINGS = {
    FileKind.PDF: PDF,
    FileKind.PNG: PNG,
    FileKind.JPEG: JPEG,
    FileKind.TIFF: TIFF,
    FileKind.PROGRAM: PROGRAM,
    FileKind.PACKED: ZIP,
    FileKind.MARKUP: PAGE,
    FileKind.UNKNOWN: b"hei",
}

VIRUS_NAME = "Eicar-Signature"
EICAR = b"".join([b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$", b"EICAR-STANDARD-", b"ANTIVIRUS-TEST-FILE!$H+H*"])
"""In pieces, so that no scanner takes this file for one."""
