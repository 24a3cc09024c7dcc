"""A page in one language holds one language: the words of the others stand on none of its pages."""

import re
from collections.abc import Iterable

import pytest
from lxml import html

from adapters.web.texts import TABLES
from adapters.words.language import Language
from adapters.words.speaking import SENTENCES
from engine.names import OPERATOR
from tests.adapters.web.test_pages import paths
from tests.fakes.engines.site import USERS, Here

_WORD = re.compile(r"[^\W\d_]{2,}")
NAMES = {"bytes", "for", "id", "ebxml", "msgid", "messageid", "apprec", "acknowledgment", "messageerror", "smtp", "her"}
"""Words of the standard, which are the same in every language, and of the mail server's own replies."""


_IDENTIFIER = re.compile(r"\S*[\d@:/._\\]\S*")
"""A HER-id, MessageId, address, service or time: what holds a digit or a sign between letters is no word."""


def words_of(texts: Iterable[str]) -> set[str]:
    """Return the words of texts; parameters and words of the standard do not count."""
    plain = (re.sub(r"\{[^}]*\}", " ", text) for text in texts)
    words = (_WORD.findall(_IDENTIFIER.sub(" ", text)) for text in plain)
    return {word.lower() for found in words for word in found if not word.isupper()} - NAMES


def own_words(language: Language) -> set[str]:
    """Return the words of a language, by all tables that pages speak from."""
    place = list(Language).index(language)
    rows = [row for table in TABLES.values() for row in table.values()] + list(SENTENCES.values())
    return words_of(row[place] for row in rows)


def foreign_words(language: Language) -> set[str]:
    """Return the words that other languages have and this one has not."""
    return set.union(*(own_words(other) for other in Language if other is not language)) - own_words(language)


def shown(page: str) -> str:
    """Return what a person reads on a page, without what is marked as another language."""
    root = html.fromstring(page)
    for element in [*root.iter("script", "style"), *root.xpath("//body//*[@lang]")]:
        element.drop_tree()
    return root.text_content()


def test_each_language_has_words_of_its_own() -> None:
    """The search can find something: each pair of languages differs in many words."""
    assert {"ikke", "the", "motteken"} <= set.union(*map(foreign_words, Language))
    assert all(len(foreign_words(language)) > 200 for language in Language)


@pytest.mark.parametrize("language", list(Language))
async def test_a_page_speaks_one_language(here: Here, language: Language) -> None:
    """Lists, messages, cases, tasks and the log-in hold no word of another language, whoever looks."""
    foreign, party = (
        foreign_words(language),
        {name for each in here.ports.policy.registry.all() for name in [each.name]},
    )
    known = words_of([*party, *USERS])
    found: dict[str, set[str]] = {}
    for user in ("levanger", "saksbehandler", "kvalitet"):
        async with here.browser(user) as client:
            for path in await paths(here):
                answer = await client.get(path, params={"lang": language.value})
                if answer.status_code == 200:
                    wrong = words_of([shown(answer.text)]) & foreign - known
                    found |= {path: wrong} if wrong else {}
    assert found == {}
    assert len(await here.rows(OPERATOR)) > 0
