"""Real transport samples, which stand beside the project."""

from pathlib import Path

import pytest
from lxml import etree

from engine.msh import constants as c
from tests.samples import samples_folder


@pytest.fixture(scope="session")
def transport() -> Path:
    """The folder of transport samples."""
    return samples_folder("transport")


@pytest.fixture(scope="session")
def official_envelope(transport: Path) -> etree.XMLSchema:
    """The schemas of SOAP 1.1, ebXML 2.0 and XML signatures, compiled behind one driver."""
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
