"""Loads our own XML schemas from the `schemas` package and compiles them, without network."""

from importlib.resources import files

from lxml import etree

from engine.errors import OwnFault


def deviation_schema() -> etree.XMLSchema:
    """Return the compiled schema of a deviation (schemas/xsd/deviation.xsd).

    Raises OwnFault where the file is missing from the installation or is no schema.
    """
    try:
        text = (files("schemas") / "xsd" / "deviation.xsd").read_bytes()
        parser = etree.XMLParser(no_network=True, load_dtd=False, resolve_entities=False)
        return etree.XMLSchema(etree.fromstring(text, parser))
    except (OSError, ModuleNotFoundError, etree.XMLSyntaxError, etree.XMLSchemaParseError):
        raise OwnFault("The schema schemas/xsd/deviation.xsd cannot be loaded: install Samvik again.") from None
