"""Strict reading of a sequence of elements: each child in its order, and nothing left over."""

from collections.abc import Callable
from enum import StrEnum
from typing import Self, TypeVar

from lxml import etree

from engine.codes.document import DocumentCode
from engine.errors import PayloadFault
from engine.payload.elements import name_of, place

C = TypeVar("C", bound=StrEnum)
V = TypeVar("V")

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


class Cursor:
    """Walks the children of an element in order; a child that is not asked for in that order is a fault."""

    def __init__(self, element: etree._Element) -> None:
        self._element = element
        self._namespace = etree.QName(element).namespace or ""
        self._rest = list(element)
        if (element.text or "").strip() or any((child.tail or "").strip() for child in self._rest):
            raise PayloadFault("T02", place(element), DocumentCode.TEXT_BETWEEN, element=name_of(element))
        self._rest.reverse()

    def at(self, name: str) -> bool:
        """Say whether the next child has this name."""
        return bool(self._rest) and self._rest[-1].tag == f"{{{self._namespace}}}{name}"

    def take(self, name: str) -> etree._Element:
        """Return the next child. Raises PayloadFault T02 where it has another name, or there is none."""
        if not self.at(name):
            raise PayloadFault("T02", place(self._element, name), DocumentCode.OUT_OF_PLACE, element=name)
        return self._rest.pop()

    def below(self, name: str) -> Self:
        """Return a cursor over the children of the next child, which must have this name."""
        return type(self)(self.take(name))

    def all(self, name: str) -> list[Self]:
        """Return a cursor for each of the next children that have this name."""
        found = []
        while self.at(name):
            found.append(self.below(name))
        return found

    def text(self, name: str) -> str:
        """Return the text of the next child as it stands. Raises PayloadFault T02 where it holds elements."""
        element = self.take(name)
        if len(element):
            raise PayloadFault("T02", place(element), DocumentCode.NOT_ONLY_TEXT, element=name_of(element))
        return element.text or ""

    def optional_text(self, name: str) -> str:
        """Return the text of the next child, or '' where it has another name."""
        return self.text(name) if self.at(name) else ""

    def value(self, name: str, read: Callable[[str], V]) -> V:
        """Return what `read` makes of the text of the next child. Raises PayloadFault T02 where it cannot be read."""
        text = self.text(name)
        try:
            return read(text.strip())
        except (ValueError, KeyError):
            raise PayloadFault("T02", place(self._element, name), DocumentCode.BAD_VALUE, element=name) from None

    def boolean(self, name: str) -> bool:
        """Return the xs:boolean in the next child."""
        return self.value(name, _BOOLEANS.__getitem__)

    def coded(self, name: str, codes: type[C]) -> C:
        """Return the code in the next child. Raises PayloadFault T02 where it is not one of `codes`."""
        return self.value(name, codes)

    def end(self) -> None:
        """Raise PayloadFault T02 where children are left that nobody asked for."""
        if self._rest:
            raise PayloadFault("T02", place(self._element), DocumentCode.LEFT_OVER, element=name_of(self._element))
