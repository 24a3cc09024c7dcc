"""What an agreement says of packing and of the PDF, and what follows where it says nothing."""

import pytest

from engine.agreements.terms import PdfTo, Terms


@pytest.mark.parametrize(
    ("compress", "samvik", "shown", "packed"),
    [
        (None, None, False, False),
        (None, None, True, True),
        (None, True, False, True),
        (None, False, True, False),
        (True, False, False, True),
        (False, True, True, False),
    ],
)
def test_a_partner_with_samvik_gets_packed_documents_unless_agreed_otherwise(
    compress: bool | None, samvik: bool | None, shown: bool, packed: bool
) -> None:
    """`compress` decides; left out it is `samvik` that does, and left out that too, what the partner has shown."""
    assert Terms(compress=compress, samvik=samvik).packs(shown=shown) is packed


@pytest.mark.parametrize(
    ("pdf", "samvik", "shown", "sent"),
    [
        (PdfTo.PARTNERS_WITHOUT_SAMVIK, None, False, True),
        (PdfTo.PARTNERS_WITHOUT_SAMVIK, None, True, False),
        (PdfTo.PARTNERS_WITHOUT_SAMVIK, True, False, False),
        (PdfTo.PARTNERS_WITHOUT_SAMVIK, False, True, True),
        (PdfTo.ALWAYS, True, True, True),
        (PdfTo.NEVER, False, False, False),
    ],
)
def test_a_pdf_goes_to_whom_the_agreement_says(pdf: PdfTo, samvik: bool | None, shown: bool, sent: bool) -> None:
    """Always, never, or to a partner without Samvik: by the agreement, else by what the partner has shown."""
    assert Terms(pdf=pdf, samvik=samvik).sends_pdf(shown=shown) is sent


def test_what_an_agreement_leaves_out() -> None:
    """By default the PDF goes to partners without Samvik, and what a partner has shown tells the rest."""
    assert (Terms().pdf, Terms().samvik, Terms().compress) == (PdfTo.PARTNERS_WITHOUT_SAMVIK, None, None)
