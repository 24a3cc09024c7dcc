"""Schemas as files: every kind has one, what they refuse is told in words, and nothing makes them fetch or hang."""

import resource
import time
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path

import pytest
from lxml import etree

from adapters.xsd import reasons
from adapters.xsd.files import LOADED, MOST_ATTRIBUTE, MOST_ELEMENTS, SchemaFiles
from engine.errors import OwnFault
from engine.msh.mime import read_mail
from engine.schemas import ROOTS, DocumentKind, SchemaFault, SchemaRule, Schemas, kind_of
from engine.xml import BadXml, parse
from tests.fakes.partners.documents import apprec, document
from tests.fakes.partners.forgery import Letter, payload_mail
from tests.fakes.schemas.sides import OURS, official_files, samples
from tests.fakes.world.parties import GP_SERVICE, LEVANGER_SERVICE

SCHEMAS: Schemas = SchemaFiles()
DSIG = "http://www.w3.org/2000/09/xmldsig#"
SOAP_NS = "http://schemas.xmlsoap.org/soap/envelope/"
MH = "{http://www.kith.no/xmlstds/msghead/2006-05-24}"
APPREC = '<AppRec xmlns="http://www.kith.no/xmlstds/apprec/2004-11-21">{}</AppRec>'
ENVELOPE = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{}</s:Body></s:Envelope>'
MESSAGE = document()
SOAP = read_mail(payload_mail(Letter(), MESSAGE)).soap


def changed(change, kind: DocumentKind = DocumentKind.MESSAGE, text: bytes = MESSAGE) -> list[SchemaFault]:
    """Return the faults of a valid document after a change."""
    root = etree.fromstring(text)
    change(root)
    return SCHEMAS.check(kind, etree.tostring(root, encoding="UTF-8"))


def at(root: etree._Element, name: str) -> etree._Element:
    """Return the first element of a local name."""
    return next(root.iter(f"{{*}}{name}"))


def test_what_we_write_is_valid() -> None:
    """Our own message, receipts and envelope pass."""
    assert SCHEMAS.check(DocumentKind.MESSAGE, MESSAGE) == []
    assert SCHEMAS.check(DocumentKind.ENVELOPE, SOAP) == []
    receipt = apprec("dokument-1", GP_SERVICE, LEVANGER_SERVICE)
    kind = kind_of(parse(receipt))
    assert kind in {DocumentKind.APPREC_1_0, DocumentKind.APPREC_1_1}
    assert SCHEMAS.check(kind, receipt) == []


@pytest.mark.parametrize("kind", DocumentKind)
def test_every_kind_has_a_schema_that_wants_its_root(kind: DocumentKind) -> None:
    """The empty root of a kind is refused for what it lacks, and for what it is as any other kind."""
    empty = f'<x:{etree.QName(ROOTS[kind]).localname} xmlns:x="{etree.QName(ROOTS[kind]).namespace}"/>'.encode()
    assert kind_of(parse(empty)) is kind
    assert SchemaRule.MISSING in {fault.rule for fault in SCHEMAS.check(kind, empty)}
    for other in set(DocumentKind) - {kind}:
        fault = SCHEMAS.check(other, empty)[0]
        assert (fault.path, fault.rule, fault.value) == ("/", SchemaRule.ROOT, None)
        assert fault.said.params["kind"] == other.value


def test_no_kind_is_no_kind() -> None:
    """A root element of something else is of no kind, in another namespace too."""
    assert kind_of(etree.Element("MsgHead")) is None


HOSTILE = {
    "only errors": (
        DocumentKind.ENVELOPE,
        f'<d:Object xmlns:d="{DSIG}">' + '<d:Object Id="a"/>' * 15_000 + "</d:Object>",
    ),
    "too many elements": (DocumentKind.ENVELOPE, "<x/>" * (MOST_ELEMENTS + 1)),
    "a long OID": (DocumentKind.APPREC_1_0, '<Error S="' + "1" * 5_000_000 + 'x"/>'),
    "many wrong OIDs": (DocumentKind.APPREC_1_0, '<Error S="1..2"/>' * 7_000),
    "many attributes": (DocumentKind.APPREC_1_0, ("<Error " + " ".join(f'a{n}="{n}"' for n in range(32)) + "/>") * 400),
    "a long date": (DocumentKind.APPREC_1_0, "<MsgType/><MIGversion/><GenDate>" + "1" * 5_000_000 + "</GenDate>"),
    "a long list": (DocumentKind.ENVELOPE, f'<x xmlns:s="{SOAP_NS}" s:encodingStyle="{"[ " * 999_999}"/>'),
    "a long attachment": (DocumentKind.APPREC_1_1, "<Base64Container>" + "A" * 20_000_000 + "!</Base64Container>"),
    "deep": (DocumentKind.ENVELOPE, "<x>" * 60 + "<Error/>" + "</x>" * 60),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_cost_little(name: str) -> None:
    """Long values, many errors and deep nesting are judged in bounded time and memory, by official patterns too."""
    kind, inside = HOSTILE[name]
    text = (ENVELOPE if kind is DocumentKind.ENVELOPE else APPREC).format(inside).encode()
    SCHEMAS.check(kind, ENVELOPE.format("").encode())
    started, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = SCHEMAS.check(kind, text)
    assert time.process_time() - started < 15
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 600_000
    assert len(found) <= reasons.MOST_FAULTS


def test_a_document_with_too_many_elements_is_refused_as_such() -> None:
    """Size is its own rule, and not one more element is told."""
    text = ENVELOPE.format("<x/>" * (MOST_ELEMENTS + 1)).encode()
    assert [fault.rule for fault in SCHEMAS.check(DocumentKind.ENVELOPE, text)] == [SchemaRule.SIZE]


@pytest.mark.parametrize("text", [b"", b"<a>", b"<!DOCTYPE a><a/>", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_what_is_not_xml_is_not_judged(text: bytes) -> None:
    """Broken XML and document types are refused by the parser."""
    with pytest.raises(BadXml):
        SCHEMAS.check(DocumentKind.MESSAGE, text)


def test_a_document_cannot_bring_its_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A schemaLocation is never followed, whatever it names."""
    own = tmp_path / "own.xsd"
    own.write_text(
        '<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:x"><element name="y"/></schema>'
    )
    changed(lambda root: root.remove(root[0]))  # the explainer reads our own files once, when it is first asked
    monkeypatch.setattr("urllib.request.OpenerDirector.open", lambda *_, **__: pytest.fail("something was fetched"))
    xsi = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"

    def bring(root: etree._Element) -> None:
        root.set(xsi, f"urn:x {own.as_uri()} urn:y http://127.0.0.1:9/y.xsd")
        at(root, "Content").insert(0, etree.Element("{urn:x}y", {xsi: f"urn:x {own}"}))
        at(root, "Content").insert(0, etree.Element("{http://www.w3.org/1999/xhtml}p"))

    assert {fault.path.rpartition("/")[2] for fault in changed(bring)} >= {"*"}


def test_an_element_is_checked_where_it_stands_and_left_as_it_is() -> None:
    """A part of a tree is judged alone, and nothing in the tree changes; no second check says anything else."""
    whole = etree.Element("hylster")
    whole.append(parse(MESSAGE))
    whole[0][0].find(f"{MH}GenDate").text = "x" * 500
    before, copy = etree.tostring(whole), deepcopy(whole[0])
    assert SCHEMAS.check(DocumentKind.MESSAGE, whole[0]) == SCHEMAS.check(DocumentKind.MESSAGE, copy) != []
    assert etree.tostring(whole) == before


def test_a_prefix_from_around_an_element_still_counts() -> None:
    """An xsi:type inside may name a prefix that only an element around the checked one declares."""
    text = MESSAGE.decode().partition("?>")[2]
    declared = f'xmlns:rundt="{MH[1:-1]}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    for name, valid in (("rundt", True), ("annen", False)):
        claimed = text.replace("<Type ", f'<Type xsi:type="{name}:CS" ', 1)
        whole = parse(f"<hylster {declared}>{claimed}</hylster>".encode())
        assert (SCHEMAS.check(DocumentKind.MESSAGE, whole[0]) == []) is valid


def test_many_threads_get_the_answers_of_their_own_documents() -> None:
    """Checks at the same time do not mix their faults."""
    texts = [(DocumentKind.APPREC_1_0, APPREC.format("<Error/>" * (n % 3)).encode()) for n in range(40)]
    texts += [(DocumentKind.MESSAGE, MESSAGE)] * 40
    alone = [SCHEMAS.check(*text) for text in texts]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda text: SCHEMAS.check(*text), texts)) == alone


def test_every_file_of_ours_is_loaded_and_is_of_its_namespace() -> None:
    """schemas/xsd holds nothing that no check uses, and each file alone compiles where it stands."""
    used = {file: space for files in LOADED.values() for space, file in files.items()}
    assert {path.name for path in OURS.glob("*.xsd")} == set(used)
    for path in OURS.glob("*.xsd"):
        tree = etree.parse(path)
        assert tree.getroot().get("targetNamespace") == used[path.name]
        etree.XMLSchema(tree)


# A folder of the owner's


def folder_of(tmp_path: Path, kind: DocumentKind, files: dict[str, Path]) -> Path:
    """Return a folder with these schemas, in a place whose name needs care."""
    folder = tmp_path / f"skjema æ {kind.name}"
    folder.mkdir(exist_ok=True)
    for path in files.values():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


@pytest.mark.parametrize("kind", [kind for kind in DocumentKind if kind is not DocumentKind.DEVIATION])
def test_official_files_can_stand_in_for_ours(tmp_path: Path, kind: DocumentKind) -> None:
    """With schemas.directory the same documents get the same verdict, however the files there are called."""
    receipts = {DocumentKind.APPREC_1_0, DocumentKind.APPREC_1_1}
    side = DocumentKind.MESSAGE if kind in receipts else kind
    theirs = SchemaFiles(folder_of(tmp_path, kind, official_files(side)))
    for name, text in samples(side).items():
        if kind_of(etree.fromstring(text)) is kind:
            assert bool(theirs.check(kind, text)) == bool(SCHEMAS.check(kind, text)), name


def test_a_schema_is_found_in_whatever_letters_its_ending_is(tmp_path: Path) -> None:
    """A folder whose files end in .XSD is as good as one in small letters."""
    for number, path in enumerate((Path("schemas") / "xsd").glob("*.xsd")):
        (tmp_path / f"SKJEMA-{number}.XSD").write_bytes(path.read_bytes())
    assert SchemaFiles(tmp_path).check(DocumentKind.APPREC_1_0, APPREC.format("").encode()) is not None


def test_a_long_attribute_never_meets_the_official_pattern(tmp_path: Path) -> None:
    """What would cost libxml2 minutes is judged by our own pattern."""
    theirs = SchemaFiles(folder_of(tmp_path, DocumentKind.MESSAGE, official_files(DocumentKind.MESSAGE)))
    started = time.process_time()
    for length in (MOST_ATTRIBUTE - 1, MOST_ATTRIBUTE, 1_000_000):
        assert theirs.check(DocumentKind.APPREC_1_0, APPREC.format(f'<Error S="{"1" * length}x"/>').encode())
    assert time.process_time() - started < 10


def test_a_folder_that_is_not_whole_is_named(tmp_path: Path) -> None:
    """A missing namespace, two files of one, a file that is no schema: each is an OwnFault with folder and remedy."""
    with pytest.raises(OwnFault, match=r"schema\.no_file") as raised:
        SchemaFiles(tmp_path).prepare()
    assert str(tmp_path) in str(raised.value)
    for path in OURS.glob("*.xsd"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    SchemaFiles(tmp_path / ".").prepare()
    (tmp_path / "kopi.xsd").write_bytes((OURS / "kith.xsd").read_bytes())
    with pytest.raises(OwnFault, match=r"schema\.two_files.*kith.xsd.*kopi.xsd"):
        SchemaFiles(tmp_path / ".." / tmp_path.name).prepare()
    (tmp_path / "kopi.xsd").write_text("<schema")
    with pytest.raises(OwnFault, match=r"schema\.folder_not_compiled"):
        SchemaFiles(tmp_path / ".." / tmp_path.name).prepare()


@pytest.mark.parametrize("around", ["\n  {}\n", " {}", "{}\t", "\r\n{}\r\n"])
def test_white_space_around_a_date_is_no_fault(around: str) -> None:
    """Pretty-printed dates are valid, as XML Schema collapses them; what is no date is refused all the same."""

    def pad(root: etree._Element) -> None:
        found = at(root, "GenDate")
        found.text = around.format(found.text)

    def spoil(root: etree._Element) -> None:
        at(root, "GenDate").text = around.format("2026-13-01T10:00:00")

    assert changed(pad) == []
    assert [each.path for each in changed(spoil)] == ["/MsgHead/MsgInfo/GenDate"]
