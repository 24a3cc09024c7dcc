"""What is said about cases."""

from adapters.words.language import Row
from engine.codes.case import CaseCode as Code

CASE: dict[str, Row] = {
    Code.NO_REASON: (
        "Det mangler en begrunnelse. Skriv hvorfor.",
        "Det manglar ei grunngjeving. Skriv kvifor.",
        "A reason is needed. Say why.",
    ),
    Code.NUMBER_IN_REASON: (
        "Begrunnelsen har et fødselsnummer. Ta det ut; begrunnelser blir logget.",
        "Grunngjevinga har eit fødselsnummer. Ta det ut; grunngjevingar blir logga.",
        "A national identity number stands in the reason. Take it out; reasons are logged.",
    ),
    Code.MAY_NOT: (
        "En {role:role} kan ikke gjøre dette ({step:step}). Det kan: {roles:role}.",
        "Ein {role:role} kan ikkje gjere dette ({step:step}). Det kan: {roles:role}.",
        "A {role:role} may not do this ({step:step}). That is for: {roles:role}.",
    ),
}
