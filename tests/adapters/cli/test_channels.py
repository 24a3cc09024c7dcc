"""Commands for what goes by other channels, as people use them."""

import re
from datetime import datetime

import pytest

from engine.case.calendar import oslo_date
from tests.fakes.engines.project import Project
from tests.fakes.world.files import PDF

WHO = ("--as", "saksbehandler@8090101")
CAME = ("--channel", "post", "--received", "2026-03-02", "--from", "8090301", "--title", "Epikrise", "--text")


def test_a_letter_from_a_gp_is_registered_and_answered(project: Project) -> None:
    """From the letter on paper to the answer that was posted, with what was said on standard input or in a file."""
    project.put("brev.pdf", PDF)
    project.put("brev.txt", "Epikrisen kom ikke.")
    told = project.samvik("case", "register", *WHO, *CAME, "-", "--attach", "brev.pdf", "--json", answer="Kom ikke.\n")
    assert told.code == 0, told.err
    case = told.json
    assert (case["state"], case["channel"], case["start"]) == ("UNDER_BEHANDLING", "post", "2026-03-02")
    late = project.samvik("case", "register", *WHO, *CAME, "brev.txt").out
    assert late.endswith("is now UNDER_BEHANDLING. The answer is due 2026-04-01, which has passed.\n")
    number = case["number"]
    assert project.samvik("case", "answer", number, *WHO, "--text", "Vi beklager.").code == 0
    shown = project.samvik("case", "show", number, *WHO)
    assert "Came as: post" in shown.out
    (letter,) = set(re.findall(r"Answer ([0-9a-f-]{36})", shown.out))
    written = project.samvik("case", "letter", letter, *WHO, "--out", "svar.pdf")
    assert (written.code, (project.folder / "svar.pdf").read_bytes()[:5]) == (0, b"%PDF-")
    came = project.samvik("case", "files", number, *WHO, "--reason", "lese", "--out", "kom")
    assert (came.code, (project.folder / "kom" / "01-brev.pdf").read_bytes()) == (0, PDF)
    listed = project.samvik("task", "list", "--json").json
    today = oslo_date_of(next(task for task in listed if task["cause"] == "answer to send")["opened_at"])
    done = project.samvik("message", "delivered", letter, "--channel", "post", "--at", today, "--reason", "sendt")
    assert done.out == f"{letter} is now LEVERT_MANUELT.\n", done.err
    assert "answer to send" not in {task["cause"] for task in project.samvik("task", "list", "--json").json}


def test_a_message_is_held_and_delivered_otherwise(project: Project) -> None:
    """A queued message is found by its MsgId, held, and noted as delivered by phone."""
    sent = project.send()
    today = oslo_date_of(sent["at"])
    words = ("message", "delivered", sent["msg_id"], "--channel", "phone", "--at", today, "--reason", "ringt")
    assert "Hold it first" in project.samvik(*words).sentence
    held = project.samvik("message", "hold", sent["id"], "--reason", "e-posten er nede")
    assert held.out == f"{sent['id']} is now STOPPET.\n"
    assert project.samvik(*words).out == f"{sent['id']} is now LEVERT_MANUELT.\n"
    shown = project.samvik("message", "show", sent["id"]).out
    assert "ringt" in shown


HEADINGS = {
    "nb": ("Saker", "Venter på", "saksbehandler", "Kom som: post", "Vårt saksnummer", "Avvik mottatt på annen måte"),
    "nn": ("Saker", "Ventar på", "sakshandsamar", "Kom som: post", "Saksnummeret vårt", "Avvik motteke på annan måte"),
    "en": ("Cases", "Waits for", "case worker", "Came as: post", "Our case number", "Deviation received another way"),
}
REFUSED = {
    "nb": "Det finnes ingen sak",
    "nn": "Det finst inga sak",
    "en": "There is no case",
}


def test_commands_about_cases_answer_in_one_language(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists, one case with its timeline, and refusals are in the language of the environment, with no other in them."""
    number = project.samvik("case", "register", *WHO, *CAME, "-", "--json", answer="Kom ikke.\n").json["number"]
    for language, wanted in HEADINGS.items():
        monkeypatch.setenv("SAMVIK_LANGUAGE", language)
        listed = project.samvik("case", "list", *WHO).out
        shown = listed + project.samvik("case", "show", number, *WHO).out.replace(WHO[1], "")
        assert [word for word in wanted if word not in shown] == []
        # "Kom som: post" is the same in both written forms of Norwegian.
        others = {word for other, words in HEADINGS.items() if other != language for word in words} - set(wanted)
        assert [word for word in others if word in shown] == []
        assert REFUSED[language] in project.samvik("case", "show", "AVVIK-1", *WHO).sentence


def test_what_is_refused(project: Project) -> None:
    """Missing words, days to come and ids that nothing has are one sentence each."""
    wrong = [
        (("case", "register", *WHO), "Name a case"),
        (("case", "register", *WHO, "--channel", "post"), "no number yet"),
        (("case", "register", "AVVIK-2026-000001", *WHO, *CAME, "-"), "no number yet"),
        (("case", "register", *WHO, *[w.replace("2026", "2126") for w in CAME], "-"), "not come"),
        (("case", "register", *WHO, *CAME, "borte.txt"), "cannot be read"),
        (("message", "delivered", "x" * 9, "--channel", "post", "--at", "2026-03-02", "--reason", "x"), "No message"),
        (("case", "letter", "0" * 8 + "-0000-4000-8000-" + "0" * 12, *WHO, "--out", "svar.pdf"), "No answer"),
    ]
    for words, told in wrong:
        answer = project.samvik(*words, answer="Tekst")
        assert answer.code == 1, words
        assert told in answer.sentence, words
    assert not (project.folder / "svar.pdf").exists()


def oslo_date_of(at: str) -> str:
    """Return the day in Oslo of a time as the commands write it."""
    return oslo_date(datetime.fromisoformat(at)).isoformat()
