"""What `samvik keyring` says of its own accord."""

from adapters.words.language import Row

CREATED: Row = (
    "{path} er laget. Ta en kopi av den nå, og legg den et annet sted enn sikkerhetskopiene: uten den kan ingenting i databasen leses.",
    "{path} er laga. Ta ein kopi av han no, og legg han ein annan stad enn tryggingskopiane: utan han kan ingenting i databasen lesast.",
    "{path} is made. Copy it now, and keep the copy elsewhere than the backups: without it nothing in the database can be read.",
)
PREPARED: Row = (
    "Nøkkelen {key_id} er lagt i {path}, og forsegler ikke noe ennå. Kopier filen til hver maskin med noder, og kjør så samvik keyring rotate.",
    "Nøkkelen {key_id} er lagd i {path}, og forseglar ikkje noko enno. Kopier fila til kvar maskin med nodar, og køyr så samvik keyring rotate.",
    "The key {key_id} is in {path}, and seals nothing yet. Copy the file to each machine with nodes, then run samvik keyring rotate.",
)
SETTLING: Row = (
    "Venter {seconds} sekunder, til hver node har lest nøkkelringen på nytt.",
    "Ventar {seconds} sekund, til kvar node har lese nøkkelringen på nytt.",
    "Waiting {seconds} seconds, until each node has read the key ring anew.",
)
RESEALED: Row = (
    "{column}: {number} verdier er forseglet på nytt",
    "{column}: {number} verdiar er forsegla på nytt",
    "{column}: {number} values are sealed again",
)
ROTATED: Row = (
    "Nøkkelen {key_id} forsegler nå; {number} verdier er forseglet på nytt. Ta en ny kopi av nøkkelringen. Eldre nøkler blir i ringen for eldre sikkerhetskopier.",
    "Nøkkelen {key_id} forseglar no; {number} verdiar er forsegla på nytt. Ta ein ny kopi av nøkkelringen. Eldre nøklar blir i ringen for eldre tryggingskopiar.",
    "The key {key_id} seals now; {number} values are sealed again. Copy the key ring anew. Older keys stay in the ring for older backups.",
)
FINISHED: Row = (
    "En tidligere rotasjon er gjort ferdig: {number} verdier er forseglet på nytt med nøkkelen {key_id}. Kjør kommandoen en gang til for en ny nøkkel.",
    "Ein tidlegare rotasjon er gjord ferdig: {number} verdiar er forsegla på nytt med nøkkelen {key_id}. Køyr kommandoen ein gong til for ein ny nøkkel.",
    "An earlier rotation is finished: {number} values are sealed again under the key {key_id}. Run the command once more for a fresh key.",
)
STANDINGS: dict[str, Row] = {
    "active": ("forsegler", "forseglar", "seals"),
    "older": ("eldre, åpner", "eldre, opnar", "older, opens"),
    "prepared": ("forberedt, åpner", "førebudd, opnar", "prepared, opens"),
    "": ("mangler i ringen", "manglar i ringen", "not in the ring"),
}
"""What a key is for, by adapters.keys.at_rest.Standing; '' for one that only the database knows."""
