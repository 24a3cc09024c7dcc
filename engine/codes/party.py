"""What is said about parties and persons."""

from engine.codes.statement import Code


class PartyCode(Code):
    """Codes about parties and persons."""

    NAME_IN_PRODUCTION = "party.name_in_production"
    NO_PERSON = "party.no_person"
    NOT_SERVED = "party.not_served"
    NOT_REGISTERED = "party.not_registered"
