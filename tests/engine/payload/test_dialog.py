"""Dialogmelding: one kind of content, in plain text."""

import pytest
from lxml import etree

from engine.errors import PayloadFault
from engine.payload.dialog import check_dialog, read_dialog

V10, V11 = "http://www.kith.no/xmlstds/dialog/2006-10-11", "http://www.kith.no/xmlstds/dialog/2013-01-23"


def dialog(inside, namespace=V11):
    """Return a Dialogmelding element with this content."""
    return etree.fromstring(f'<Dialogmelding xmlns="{namespace}">{inside}</Dialogmelding>')


def test_xhtml_is_read_as_what_it_says():
    """Markup goes, lines stay apart, and scripts and styles are not text."""
    body = (
        '<TekstNotatInnhold><html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title></head><body>'
        "<p>Hei <b>alle</b> der</p><p>To</p><script>alert(1)</script>hale</body></html></TekstNotatInnhold>"
    )
    assert read_dialog(dialog(f"<Notat><TemaKodet V='6'/>{body}</Notat>")).text == "Hei alle der\nTo\nhale"


def test_the_remark_belongs_to_the_text():
    """What the sender put in Merknad is shown as well."""
    found = read_dialog(
        dialog("<Notat><TemaKodet/><TekstNotatInnhold>a</TekstNotatInnhold><Merknad>b</Merknad></Notat>")
    )
    assert found.text == "a\n\nb"


def test_several_notes_are_read_as_one_text():
    """The subjects of later notes stand before their texts, so that nothing is lost."""
    note = "<Notat><TemaKodet V='{0}'/><Tema>T{0}</Tema><TekstNotatInnhold>tekst {0}</TekstNotatInnhold></Notat>"
    found = read_dialog(dialog(note.format(1) + note.format(2), V10))
    assert (found.version, found.tema, found.tema_code) == ("1.0", "T1", "1")
    assert found.text == "tekst 1\n\nT2\n\ntekst 2"


def test_the_document_id_is_read_and_never_a_reason_to_refuse():
    """DokIdNotat of the first note, '' where there is none; told twice or with markup it is read all the same."""
    note = "<Notat><TemaKodet V='1'/>{}</Notat>"
    ids = {"": "", "<DokIdNotat> a </DokIdNotat>": "a", "<DokIdNotat>a<b/></DokIdNotat><DokIdNotat>c</DokIdNotat>": "a"}
    assert {inside: read_dialog(dialog(note.format(inside), V10)).dok_id for inside in ids} == ids


def test_a_question_is_read_with_its_type_as_the_code():
    """A Foresporsel gives its type, its subject (1.1), its question and its reason."""
    inside = (
        "<Foresporsel><TypeForesp V='99' S='2.16.578.1.12.4.1.1.9152'/><EmneSporsmal>e</EmneSporsmal>"
        "<Sporsmal>s</Sporsmal><Begrunnelse>b</Begrunnelse></Foresporsel>"
    )
    found = read_dialog(dialog(inside))
    assert (found.kind, found.tema_code, found.tema_system) == ("Foresporsel", "99", "2.16.578.1.12.4.1.1.9152")
    assert (found.tema, found.text) == ("e", "s\n\nb")


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "<Notat><TemaKodet/></Notat><Foresporsel><TypeForesp/></Foresporsel>",
        "<Notat/>",
        "<Foresporsel/>",
        "<Notat><TemaKodet/><TemaKodet/></Notat>",
        "<Notat><TemaKodet/><Tema>a</Tema><Tema>b</Tema></Notat>",
        "<Notat><TemaKodet/><Tema>a<b/></Tema></Notat>",
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(inside):
    """Nothing, both kinds, missing codes, doubled parts and markup in a subject are T02."""
    with pytest.raises(PayloadFault) as caught:
        read_dialog(dialog(inside))
    assert caught.value.code == "T02"


def test_the_name_of_an_unknown_document_is_not_repeated():
    """What a sender calls its document never comes back in our words."""
    with pytest.raises(PayloadFault) as caught:
        check_dialog(etree.fromstring("<x15720255178/>"))
    assert caught.value.code == "T10"
    assert "15720255178" not in str(caught.value)
