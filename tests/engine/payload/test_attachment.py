"""Attachments come out as the bytes that went in, or not at all."""

import pytest

from engine.errors import PayloadFault
from engine.payload.attachment import Attachment
from engine.payload.msghead import read_msghead
from tests.engine.payload.payload_examples import FILES, message

CONTAINER = b'<Base64Container xmlns="http://www.kith.no/xmlstds/base64container">'


def test_blanks_and_comments_inside_base64_are_tolerated():
    """Real samples break lines and put comments into the container (payload.md D)."""
    data = message(attachments=FILES[:1])
    assert CONTAINER + b"PGEvPg==" in data
    data = data.replace(CONTAINER + b"PGEvPg==", CONTAINER + b"\n <!-- her -->\tPGEv\r\nPg==  ")
    assert read_msghead(data).attachments == FILES[:1]


@pytest.mark.parametrize("inside", [b"PGEvPg=", b"PGEvPg==PGEv", b"P!EvPg==", b"\xc3\xa6", b"PGEv<b/>Pg=="])
def test_broken_base64_is_t02(inside):
    """Bad padding, foreign letters and elements inside are refused with the place of the container."""
    data = message(attachments=FILES[:1]).replace(CONTAINER + b"PGEvPg==", CONTAINER + inside)
    with pytest.raises(PayloadFault) as caught:
        read_msghead(data)
    assert caught.value.code == "T02"


def test_an_attachment_without_name_or_type_is_read():
    """Description and MimeType are often absent; both are then empty."""
    data = message(attachments=FILES[:1])
    data = data.replace(b"<MimeType>application/xml</MimeType><Description>avvik.xml</Description>", b"")
    assert read_msghead(data).attachments == (Attachment("", "", b"<a/>"),)


def test_a_reference_to_a_file_is_kept_and_not_fetched():
    """A FileReference is told as an address with no content."""
    data = message(attachments=FILES[:1])
    start, end = data.rindex(b"<Content>"), data.rindex(b"</RefDoc>")
    data = data[:start] + b"<FileReference>https://deft.example/1</FileReference>" + data[end:]
    found = read_msghead(data).attachments[0]
    assert (found.content, found.file_reference) == (b"", "https://deft.example/1")


def test_what_is_here_counts_whatever_else_its_reference_points_at():
    """A file that came along is delivered, also where addresses beside it are doubled or hold elements."""
    data = message(attachments=FILES[:1])
    end = data.rindex(b"<Content>")
    data = data[:end] + b"<FileReference>a</FileReference><FileReference><b/></FileReference>" + data[end:]
    assert [each.content for each in read_msghead(data).attachments] == [b"<a/>"]


def test_a_document_with_neither_content_nor_address_is_refused():
    """An attachment that is nowhere is T02."""
    data = message(attachments=FILES[:1])
    start, end = data.rindex(b"<Content>"), data.rindex(b"</RefDoc>")
    with pytest.raises(PayloadFault, match=r"document\.missing.*Content"):
        read_msghead(data[:start] + data[end:])


def test_a_mebibyte_of_bytes_survives():
    """Large binary content is the same after the way."""
    file = Attachment("stor.bin", "application/octet-stream", bytes(range(256)) * 4096)
    assert read_msghead(message(attachments=[file])).attachments == (file,)
