"""What is said about files."""

from adapters.words.language import Row
from engine.codes.file import FileCode as Code

FILE: dict[str, Row] = {
    Code.TOO_MANY: (
        "{number} filer er for mange; avtalen tillater {most} med en melding. Ta noen ut.",
        "{number} filer er for mange; avtalen tillèt {most} med ei melding. Ta nokre ut.",
        "{number} files are too many; the agreement takes {most} with a message. Leave some out.",
    ),
    Code.TOO_LARGE: (
        "{name} er på {size} byte; avtalen tillater høyst {most} for en fil. Gjør den mindre.",
        "{name} er på {size} byte; avtalen tillèt høgst {most} for ei fil. Gjer ho mindre.",
        "{name} has {size} bytes; the agreement takes at most {most} a file. Make it smaller.",
    ),
    Code.BEFORE_PACKING: (
        "Filene er på {size} byte før de pakkes, av høyst {most}; den største er {name}. Ta den ut, eller gjør den mindre.",
        "Filene er på {size} byte før dei blir pakka, av høgst {most}; den største er {name}. Ta ho ut, eller gjer ho mindre.",
        "The files would be {size} bytes before they are packed, of at most {most}; the largest is {name}. Leave it out, or make it smaller.",
    ),
    Code.NUMBER_IN_NAME: (
        "Navnet på fil {number} har et fødselsnummer. Gi den et annet navn; navnet blir sendt.",
        "Namnet på fil {number} har eit fødselsnummer. Gje ho eit anna namn; namnet blir sendt.",
        "The name of file {number} holds a national identity number. Rename it; the name is sent.",
    ),
    Code.NAME_SAYS_OTHERWISE: (
        "{name} er {kind:file}, og navnet sier noe annet. Gi den et annet navn, og prøv igjen.",
        "{name} er {kind:file}, og namnet seier noko anna. Gje ho eit anna namn, og prøv igjen.",
        "{name} is {kind:file}, and its name says otherwise. Rename it, then try again.",
    ),
    Code.NAME_PROMISES: (
        "{name} er {kind:file}, og navnet sier at den er {promised:file}. Legg ved den rette filen.",
        "{name} er {kind:file}, og namnet seier at ho er {promised:file}. Legg ved den rette fila.",
        "{name} is {kind:file}, and its name says that it is {promised:file}. Attach the right file.",
    ),
    Code.NOT_AGREED: (
        "{name} er {kind:file}; avtalen tillater: {agreed}. Ta den ut, eller gjør den om.",
        "{name} er {kind:file}; avtalen tillèt: {agreed}. Ta ho ut, eller gjer ho om.",
        "{name} is {kind:file}; the agreement takes: {agreed}. Leave it out, or convert it.",
    ),
    Code.NO_SCANNER: (
        "Ingen fil kan sendes nå. {error} Prøv igjen etterpå.",
        "Inga fil kan sendast no. {error} Prøv igjen etterpå.",
        "No file can be sent now. {error} Try again afterwards.",
    ),
    Code.SCANNER_SILENT: (
        "Virusskanneren {address} svarte ikke ({error}). Start den.",
        "Virusskannaren {address} svara ikkje ({error}). Start han.",
        "The virus scanner {address} gave no verdict ({error}). Start it.",
    ),
    Code.SCANNER_LIMIT: (
        "Filen er større enn StreamMaxLength i virusskanneren {address}. Øk den i clamd.conf.",
        "Fila er større enn StreamMaxLength i virusskannaren {address}. Auk han i clamd.conf.",
        "The file is larger than StreamMaxLength of the virus scanner {address}. Raise it in clamd.conf.",
    ),
    Code.SCANNER_UNCLEAR: (
        "Virusskanneren {address} svarte noe som ikke er noen vurdering.",
        "Virusskannaren {address} svara noko som ikkje er noka vurdering.",
        "The virus scanner {address} answered something that is no verdict.",
    ),
    Code.INFECTED: (
        "{name} har virus, sier virusskanneren: {virus}. Filen blir ikke sendt.",
        "{name} har virus, seier virusskannaren: {virus}. Fila blir ikkje send.",
        "{name} is infected, as the virus scanner says: {virus}. It is not sent.",
    ),
    Code.INFECTED_NUMBER: (
        "Vedlegg {number} har virus, sier virusskanneren: {virus}. Det blir ikke sendt.",
        "Vedlegg {number} har virus, seier virusskannaren: {virus}. Det blir ikkje sendt.",
        "Attachment {number} is infected, as the virus scanner says: {virus}. It is not sent.",
    ),
    Code.CANNOT_SEARCH: (
        "En pakket fil i svaret kan ikke gjennomsøkes: den er for stor, skadet eller har passord. Legg ved innholdet pakket ut, og lever på nytt.",
        "Ei pakka fil i svaret kan ikkje gjennomsøkjast: ho er for stor, skadd eller har passord. Legg ved innhaldet pakka ut, og lever på nytt.",
        "A packed file in the reply cannot be searched: it is too large, damaged or has a password. Attach its content unpacked, then hand in again.",
    ),
}
