"""Our schemas are found in the installed package and compile."""

from lxml import etree

from adapters.schema_files import deviation_schema


def test_the_schema_of_a_deviation_compiles():
    """The schema refuses what is no deviation."""
    assert not deviation_schema().validate(etree.fromstring("<a/>"))
