"""Where the official schemas and real messages stand: beside the project, never part of it."""

import os
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

NAMESPACES = {
    "http://www.kith.no/xmlstds/msghead/2006-05-24": "MsgHead-v1_2.xsd",
    "http://www.kith.no/xmlstds/dialog/2006-10-11": "dialogmelding-v1.0.xsd",
    "http://www.kith.no/xmlstds/dialog/2013-01-23": "dialogmelding-v1.1.xsd",
    "http://www.kith.no/xmlstds/apprec/2004-11-21": "apprec-v1.0.xsd",
    "http://www.kith.no/xmlstds/apprec/2012-02-15": "apprec-v1.1.xsd",
    "http://www.kith.no/xmlstds/base64container": "kith-base64.xsd",
    "http://www.w3.org/2000/09/xmldsig#": "xmldsig-core-schema.xsd",
}


def samples_folder(part: str) -> Path:
    """Return one folder of samples; without it the test skips, but fails in CI."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "samples"
    folder = Path(os.environ.get("SAMVIK_SAMPLES", beside)) / part
    if not folder.is_dir():
        if os.environ.get("CI"):
            pytest.fail("The samples are not here; set SAMVIK_SAMPLES.")
        pytest.skip("The official schemas and samples are not beside the project; set SAMVIK_SAMPLES.")
    return folder


@cache
def official_schema() -> etree.XMLSchema:
    """Return the official schemas compiled behind one driver schema (payload.md D)."""
    folder = samples_folder("payload") / "xsd"
    imports = "".join(
        f'<import namespace="{namespace}" schemaLocation="{(folder / name).as_uri()}"/>'
        for namespace, name in NAMESPACES.items()
    )
    driver = f'<schema xmlns="http://www.w3.org/2001/XMLSchema">{imports}</schema>'
    return etree.XMLSchema(etree.fromstring(driver, etree.XMLParser(no_network=True, load_dtd=False)))
