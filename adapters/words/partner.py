"""What partners read: AppRec in bokmål, as the documents are, and ErrorList in English, as the standard is."""

from adapters.words.language import Language
from adapters.words.speaking import sentence
from engine.codes.statement import Statement


class WordsForPartners:
    """The PartnerWords port."""

    def apprec(self, said: Statement) -> str:
        """See engine.ports.PartnerWords."""
        return sentence(said, Language.NB)

    def error_list(self, said: Statement) -> str:
        """See engine.ports.PartnerWords."""
        return sentence(said, Language.EN)
