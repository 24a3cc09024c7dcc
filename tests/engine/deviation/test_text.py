"""The text alone tells a person everything."""

from dataclasses import replace
from datetime import date

import pytest

from engine.deviation.fields import DeviationKind, PatientInformed, Period, Severity
from engine.deviation.labels import LABELS, SENTENCES, WORDS
from engine.deviation.text import as_text, main_text, notat_of
from tests.engine.payload.payload_examples import DEVIATION

LANGUAGES = ["nb", "nn", "en"]


def test_every_label_word_and_sentence_has_all_three_languages():
    """No text is missing in bokmål, nynorsk or English."""
    for table in (LABELS, WORDS, SENTENCES):
        for key, words in table.items():
            assert set(words) == set(LANGUAGES), key
            assert all(word.strip() for word in words.values()), key


def test_every_code_has_words():
    """Each code of a deviation can be told in plain words."""
    for codes in (DeviationKind, Severity, PatientInformed):
        assert {str(code) for code in codes} <= set(WORDS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_holds_every_field(language):
    """Nothing that is sent as data is missing from the text."""
    text = as_text(main_text(DEVIATION, language))
    told = [
        DEVIATION.case_number, DEVIATION.contact, DEVIATION.title, DEVIATION.description, DEVIATION.department,
        DEVIATION.place, DEVIATION.consequence, DEVIATION.measure, DEVIATION.suggestion, "Avtale 5", "4.3",
        "Retningslinje 4", "Utskrivningsrapport", "3f0b7c1e", "Compilo", "2026-1187", "Vi er enige.", "Travel vakt.",
        "Ny sjekkliste.", "Avdelingsleder", WORDS["moderat"][language], WORDS["ikke_relevant"][language],
        WORDS["AVVIK"][language], WORDS["yes"][language],
    ]  # fmt: skip
    assert [each for each in told if each not in text] == []
    assert text.splitlines()[0].endswith(DEVIATION.case_number)


@pytest.mark.parametrize(
    ("language", "moment", "day"),
    [("nb", "13.11.2026 kl. 15.30", "20.12.2026"), ("en", "2026-11-13 15:30", "2026-12-20")],
)
def test_times_are_told_in_oslo_time(language, moment, day):
    """People read Norwegian local time, in the notation of their language."""
    text = as_text(main_text(DEVIATION, language))
    assert moment in text
    assert day in text


@pytest.mark.parametrize(
    ("happened", "told"),
    [(None, "Ukjent"), (date(2026, 11, 3), "3.11.2026"), (Period("uke 45"), "uke 45")],
)
def test_an_inexact_event_time_is_told_as_it_is(happened, told):
    """Dates, periods and unknown times are said in words."""
    assert ("Tidspunkt for hendelsen", told) in main_text(replace(DEVIATION, happened=happened), "nb")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"answer_by": None}, "Svar ønskes. Svar på denne meldingen"),
        ({}, "Svar ønskes innen 20.12.2026."),
        ({"information_only": True}, "Det ventes ikke svar."),
        ({"kind": DeviationKind.RAABRA}, "Det ventes ikke svar."),
        ({"kind": DeviationKind.AVVIK_ORIENTERING}, "Det ventes ikke svar."),
    ],
)
def test_the_text_says_whether_and_how_to_answer(change, said):
    """A reader without Samvik learns that an answer in the same conversation finds its way."""
    assert said in as_text(main_text(replace(DEVIATION, **change), "nb"))


def test_fields_that_are_not_given_have_no_heading():
    """Empty fields are left out."""
    headings = [heading for heading, _ in main_text(replace(DEVIATION, place="", answer=None, message=None), "nb")]
    assert "Sted" not in headings
    assert not any(heading.startswith("Svar:") for heading in headings)


def test_braces_and_line_ends_of_people_are_only_text():
    """Patterns are never filled from what people wrote, and CR LF becomes a plain line end."""
    text = as_text(main_text(replace(DEVIATION, contact="{date}", description="a\r\nb {0}\rc"), "nb"))
    assert "{date}" in text
    assert "a\nb {0}\nc" in text


def test_the_note_has_the_case_number_where_systems_show_it():
    """Subject and DokIdNotat carry the case number, and the date is the event's in Oslo."""
    note = notat_of(DEVIATION, "nb")
    assert (note.tema, note.dok_id) == ("Samhandlingsavvik AVV-2026-00042: Manglende epikrise", "AVV-2026-00042")
    assert note.dato == date(2026, 11, 13)
    assert notat_of(replace(DEVIATION, happened=date(2026, 11, 1)), "nb").dato == date(2026, 11, 1)
    assert notat_of(replace(DEVIATION, happened=None), "nb").dato is None
