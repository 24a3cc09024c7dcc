"""Changes documents in every way that a schema could notice. `dice` throws; the same throws give the same mutant."""

import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from itertools import islice

from lxml import etree

from engine.schemas import ROOTS, DocumentKind
from tests.fakes.schemas.instances import XSI, Writer, roots
from tests.fakes.schemas.sides import model, samples

XML = "http://www.w3.org/XML/1998/namespace"
PLAIN = (
    "",
    " ",
    "\n\t",
    "x",
    "Ærlig talt",
    "x" * 300,
    "0",
    "1",
    "-1",
    "true",
    "false",
    "AAAA",
    "A",
    "=",
    "é",
    "a b",
    "1.2.3",
)
ODD = (
    "1..2",
    "1.",
    ".1",
    "٣.٣",
    "+5",
    "1e5",
    "99999999999999999999999999",
    "INF",
    "NaN",
    " 7 ",
    "P4D",
    "PT",
    "-P1D",
    "a:b",
)
ADDRESSES = (
    "http://example.test/a b",
    "http://[",
    "%zz",
    "cid:a@b",
    "a\\b",
    "no",
    "no-",
    "123456789",
    "x-klingon",
    ":",
)
TIMES = (
    "2026-11-23T08:00:00",
    "2026-11-23T24:00:00",
    "2026-02-30T08:00:00Z",
    "2026-11-23",
    "2026",
    "2026-11",
    "08:00:00",
    "0000-01-01",
)
VALUES = PLAIN + ODD + ADDRESSES + TIMES
BUILT_IN = ("string", "token", "anyType", "anySimpleType", "base64Binary", "integer", "date", "ID", "finnes-ikke")
WRONG = ("", " ", "x", "http://[", "1.5", "a b", "2026-11-23")
"""Values that are wrong nearly everywhere, each for another reason."""

MOST_TEXT = 2_000
"""Texts of real documents are cut to this length: what an attachment holds is no matter for a schema."""

Mutation = Callable[["Pool", object, etree._Element], None]


class Pool:
    """The names and values of a kind's schemas, those of both sides."""

    def __init__(self, kind: DocumentKind) -> None:
        self.kind = kind
        parts = [part for ours in (True, False) for part in model(kind, ours=ours).maps.iter_components()]
        names = {(type(part).__name__, part.name) for part in parts if getattr(part, "name", None)}
        spaces = {space for space in model(kind, ours=False).maps.namespaces if space not in _BUILT_IN_SPACES}
        mine = {pair for pair in names if etree.QName(pair[1]).namespace in spaces | {None}}
        self.elements = [*sorted({name for part, name in mine if part == "XsdElement"}), "fremmed", "{urn:fremmed}noe"]
        self.attributes = [
            *sorted({name for part, name in mine if part == "XsdAttribute"}),
            "fremmed",
            "{urn:fremmed}x",
        ]
        self.types = sorted({str(name) for side in (True, False) for name in model(kind, ours=side).maps.types})
        codes = {str(code) for part in parts for code in getattr(part, "enumeration", None) or ()}
        self.values = VALUES + tuple(sorted(codes))
        self.spaces = [*sorted(spaces), "urn:fremmed", ""]
        self.roots = roots(kind)


_BUILT_IN_SPACES = ("http://www.w3.org/2001/XMLSchema", XSI, "http://www.w3.org/2006/XMLSchema-versioning")


@cache
def pool(kind: DocumentKind) -> Pool:
    """Return the names and values of a kind's schemas."""
    return Pool(kind)


@cache
def originals(kind: DocumentKind) -> tuple[bytes, ...]:
    """Return the real documents of a kind, long texts cut."""
    found = []
    for text in samples(kind).values():
        root = etree.fromstring(text)
        for node in root.iter(etree.Element):
            if len(node.text or "") > MOST_TEXT:
                node.text = "QUJD"
        found.append(etree.tostring(root, encoding="UTF-8"))
    return tuple(found)


def mutant(kind: DocumentKind, dice) -> bytes:
    """Return a document of a kind, real or written from one side's schemas, with one to three changes."""
    root = original(kind, random.Random(dice.randrange(2**32)))
    for _ in range(dice.randrange(1, 4)):
        dice.choice(MUTATIONS)(pool(kind), dice, root)
    return etree.tostring(root, encoding="UTF-8")


def original(kind: DocumentKind, dice) -> etree._Element:
    """Return a document of a kind: a real one, or one written from our schemas or from the official ones."""
    if dice.randrange(2):
        return etree.fromstring(dice.choice(originals(kind)))
    tag = dice.choice(roots(kind)) if dice.randrange(2) else ROOTS[kind]
    return Writer(kind, dice, ours=bool(dice.randrange(2))).document(tag)


def neighbours(root: etree._Element) -> Iterator[bytes]:
    """Yield every document that is one small change away: each element and attribute gone, doubled, or wrong."""
    for number, _ in enumerate(root.iter(etree.Element)):
        for change in _changes(root, number):
            copy = deepcopy(root)
            change(next(islice(copy.iter(etree.Element), number, None)))
            yield etree.tostring(copy, encoding="UTF-8")


def _changes(root: etree._Element, number: int) -> Iterator[Callable[[etree._Element], object]]:
    node = next(islice(root.iter(etree.Element), number, None))
    if node is not root:
        yield lambda node: node.getparent().remove(node)
        yield lambda node: node.addnext(deepcopy(node))
        yield lambda node: node.addnext(node.getprevious() if node.getprevious() is not None else deepcopy(node))
    for value in WRONG:
        yield lambda node, value=value: setattr(node, "text", value)
    for name in node.attrib:
        yield lambda node, name=name: node.attrib.pop(name)
        yield from ((lambda node, name=name, value=value: node.set(name, value)) for value in WRONG)
    for name in ("fremmed", "{urn:fremmed}x", f"{{{XML}}}lang"):
        yield lambda node, name=name: node.set(name, "no")
    yield lambda node: node.append(etree.Element("{urn:fremmed}noe"))


def _any(dice, root: etree._Element) -> etree._Element:
    return dice.choice(list(root.iter(etree.Element)))


def _put(dice, where: etree._Element, what: etree._Element) -> None:
    where.insert(dice.randrange(len(where) + 1), what)


def delete(_: Pool, dice, root: etree._Element) -> None:
    """Take an element out."""
    node = _any(dice, root)
    if node is not root:
        node.getparent().remove(node)


def double(_: Pool, dice, root: etree._Element) -> None:
    """Put an element in a second time, behind itself."""
    node = _any(dice, root)
    if node is not root:
        node.addnext(deepcopy(node))


def swap(_: Pool, dice, root: etree._Element) -> None:
    """Let an element and the one behind it change places."""
    node = _any(dice, root)
    if node is not root and node.getnext() is not None:
        node.getnext().addnext(node)


def move(_: Pool, dice, root: etree._Element) -> None:
    """Hang an element, or a copy of it, under another one."""
    what, where = _any(dice, root), _any(dice, root)
    if dice.randrange(2):
        what = deepcopy(what)
    if what is not root and what is not where and what not in where.iterancestors():
        _put(dice, where, what)


def rename(pool: Pool, dice, root: etree._Element) -> None:
    """Give an element another name that some schema knows."""
    _any(dice, root).tag = dice.choice(pool.elements)


def change_space(pool: Pool, dice, root: etree._Element) -> None:
    """Put an element, or all below it, into another namespace."""
    node, space = _any(dice, root), dice.choice(pool.spaces)
    for below in node.iter(etree.Element) if dice.randrange(2) else [node]:
        local = etree.QName(below).localname
        below.tag = f"{{{space}}}{local}" if space else local


def insert(pool: Pool, dice, root: etree._Element) -> None:
    """Put an element in that is empty, or as some schema wants it."""
    if dice.randrange(2):
        what = etree.Element(dice.choice(pool.elements))
    else:
        what = Writer(pool.kind, random.Random(dice.randrange(2**32)), ours=False).document(dice.choice(pool.roots))
    _put(dice, _any(dice, root), what)


def retext(pool: Pool, dice, root: etree._Element) -> None:
    """Change the text of an element, or of one that has text."""
    node = _any(dice, root)
    leaves = [leaf for leaf in node.iter(etree.Element) if not len(leaf)]
    dice.choice(leaves or [node]).text = dice.choice(pool.values)


def stray_text(pool: Pool, dice, root: etree._Element) -> None:
    """Put text before or behind an element."""
    node = _any(dice, root)
    if dice.randrange(2) or node is root:
        node.text = dice.choice(pool.values)
    else:
        node.tail = dice.choice(pool.values)


def drop_attribute(_: Pool, dice, root: etree._Element) -> None:
    """Take an attribute away."""
    node = dice.choice([node for node in root.iter(etree.Element) if node.attrib] or [root])
    if node.attrib:
        del node.attrib[dice.choice(sorted(node.attrib))]


def set_attribute(pool: Pool, dice, root: etree._Element) -> None:
    """Give an element an attribute that some schema knows."""
    _any(dice, root).set(dice.choice(pool.attributes), dice.choice(pool.values))


def change_attribute(pool: Pool, dice, root: etree._Element) -> None:
    """Give an attribute another value, or that of another one."""
    node = dice.choice([node for node in root.iter(etree.Element) if node.attrib] or [root])
    found = sorted({value for other in root.iter(etree.Element) for value in other.attrib.values()})
    if node.attrib:
        node.set(dice.choice(sorted(node.attrib)), dice.choice(found if dice.randrange(4) == 0 else pool.values))


def common_attribute(pool: Pool, dice, root: etree._Element) -> None:
    """Give an element one of the attributes that stand everywhere."""
    name = dice.choice([f"{{{XSI}}}{local}" for local in ("nil", "schemaLocation", "noNamespaceSchemaLocation", "x")])
    name = dice.choice([name, *(f"{{{XML}}}{local}" for local in ("lang", "space", "base", "id"))])
    _any(dice, root).set(name, dice.choice(["true", "false", "urn:a finnes-ikke.xsd", *pool.values]))


def retype(pool: Pool, dice, root: etree._Element) -> None:
    """Claim another type for an element."""
    node = _any(dice, root)
    names = [f"{{http://www.w3.org/2001/XMLSchema}}{local}" for local in BUILT_IN]
    name = etree.QName(dice.choice(names if dice.randrange(3) == 0 else pool.types))
    # A namespace is declared where an element is made, so the claim stands on a new element with the old one's content.
    claimed = etree.Element(node.tag, node.attrib, nsmap={**node.nsmap, "claimed": name.namespace or "urn:fremmed"})
    claimed.set(f"{{{XSI}}}type", f"claimed:{name.localname}")
    claimed.text, claimed.tail = node.text, node.tail
    if node is not root:
        claimed.extend(list(node))
        node.getparent().replace(node, claimed)


def comment(_: Pool, dice, root: etree._Element) -> None:
    """Put a comment or an instruction somewhere, with text behind it or not."""
    what = dice.choice([etree.Comment, etree.ProcessingInstruction])("x")
    what.tail = dice.choice([None, " ", "x"])
    _put(dice, _any(dice, root), what)


def empty(_: Pool, dice, root: etree._Element) -> None:
    """Take everything out of an element."""
    node = _any(dice, root)
    node.text = None
    for child in list(node):
        node.remove(child)


MUTATIONS: tuple[Mutation, ...] = (
    delete,
    double,
    swap,
    move,
    rename,
    change_space,
    insert,
    retext,
    stray_text,
    drop_attribute,
    set_attribute,
    change_attribute,
    common_attribute,
    retype,
    comment,
    empty,
)
