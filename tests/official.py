"""The official schemas and real samples, as fixtures: they stand beside the project and are never part of it."""

from pathlib import Path

import pytest
from lxml import etree

from engine.msh import constants as c
from tests.samples import official_schema, samples_folder


@pytest.fixture(scope="session")
def samples() -> Path:
    """Give the folder of payload samples; without it the tests skip, but fail in CI."""
    return samples_folder("payload")


@pytest.fixture(scope="session")
def official() -> etree.XMLSchema:
    """Give the official schemas of documents behind one driver schema."""
    return official_schema()


@pytest.fixture(scope="session")
def transport() -> Path:
    """Give the folder of transport samples."""
    return samples_folder("transport")


@pytest.fixture(scope="session")
def official_envelope(transport: Path) -> etree.XMLSchema:
    """Give the schemas of SOAP 1.1, ebXML 2.0 and XML signatures, compiled behind one driver."""
    folder = transport / "xsd"
    imports = "".join(
        f'<import namespace="{namespace}" schemaLocation="{(folder / name).as_uri()}"/>'
        for namespace, name in (
            (c.SOAP, "envelope.xsd"),
            (c.EB, "msg-header-2_0.xsd"),
            (c.DS, "xmldsig-core-schema.xsd"),
        )
    )
    driver = f'<schema xmlns="http://www.w3.org/2001/XMLSchema">{imports}</schema>'
    return etree.XMLSchema(etree.fromstring(driver, etree.XMLParser(no_network=True, load_dtd=False)))
