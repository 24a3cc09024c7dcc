"""The official schemas and samples, which stand beside the project and are never part of it."""

from pathlib import Path

import pytest
from lxml import etree

from tests.samples import samples_folder

NAMESPACES = {
    "http://www.kith.no/xmlstds/msghead/2006-05-24": "MsgHead-v1_2.xsd",
    "http://www.kith.no/xmlstds/dialog/2006-10-11": "dialogmelding-v1.0.xsd",
    "http://www.kith.no/xmlstds/dialog/2013-01-23": "dialogmelding-v1.1.xsd",
    "http://www.kith.no/xmlstds/apprec/2004-11-21": "apprec-v1.0.xsd",
    "http://www.kith.no/xmlstds/apprec/2012-02-15": "apprec-v1.1.xsd",
    "http://www.kith.no/xmlstds/base64container": "kith-base64.xsd",
    "http://www.w3.org/2000/09/xmldsig#": "xmldsig-core-schema.xsd",
}


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of payload samples; without it the tests skip, but fail in CI."""
    return samples_folder("payload")


@pytest.fixture(scope="session")
def official(samples: Path) -> etree.XMLSchema:
    """The official schemas compiled behind one driver schema (payload.md D)."""
    imports = "".join(
        f'<import namespace="{namespace}" schemaLocation="{(samples / "xsd" / name).as_uri()}"/>'
        for namespace, name in NAMESPACES.items()
    )
    driver = f'<schema xmlns="http://www.w3.org/2001/XMLSchema">{imports}</schema>'
    return etree.XMLSchema(etree.fromstring(driver, etree.XMLParser(no_network=True, load_dtd=False)))
