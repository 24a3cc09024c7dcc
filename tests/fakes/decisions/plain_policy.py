"""A policy without keys and schemas, for pure decisions that ask the register and nothing else."""

from typing import cast

from lxml import etree

from adapters.words.partner import WordsForPartners
from engine.agreements.services import ServiceTable
from engine.agreements.terms import Terms
from engine.commit.policy import Policy
from engine.names import HerId
from engine.register.parties import Registry
from engine.schemas import Schemas
from tests.fakes.store.rows import OURS

EMPTY = Registry((), (), cast(Terms, None))


def plain_policy(*hosted: HerId) -> Policy:
    """Return a policy whose register knows nobody, so that each HER-id is an enterprise of its own."""
    return Policy(
        EMPTY,
        hosted or (OURS,),
        (),
        {},
        cast(ServiceTable, None),
        cast(etree.XMLSchema, None),
        cast(Schemas, None),
        WordsForPartners(),
    )
