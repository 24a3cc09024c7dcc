"""What is said about backups and what keeps one from being restored."""

from adapters.words.language import Row
from engine.codes.backup import BackupCode as Code

BACKUP: dict[str, Row] = {
    # a file that is no whole backup of ours
    Code.NOT_A_BACKUP: (
        "{path} er ingen sikkerhetskopi fra Samvik.",
        "{path} er ingen tryggingskopi frå Samvik.",
        "{path} is no backup of Samvik.",
    ),
    Code.OTHER_KIND: (
        "Sikkerhetskopien er av et annet slag enn dette programmet lager.",
        "Tryggingskopien er av eit anna slag enn dette programmet lagar.",
        "The backup is of another kind than this program makes.",
    ),
    Code.CUT_OFF: (
        "Sikkerhetskopien slutter for tidlig, og er ikke hel. Bruk en annen.",
        "Tryggingskopien sluttar for tidleg, og er ikkje heil. Bruk ein annan.",
        "The backup ends too early, and is not whole. Use another one.",
    ),
    Code.GOES_ON: (
        "Sikkerhetskopien går videre etter slutten, og er ikke hel. Bruk en annen.",
        "Tryggingskopien går vidare etter slutten, og er ikkje heil. Bruk ein annan.",
        "The backup goes on after its end, and is not whole. Use another one.",
    ),
    # a backup that does not fit here
    Code.OTHER_VERSION: (
        "Sikkerhetskopien er laget av en annen versjon av Samvik (databasen sluttet med {migration}). Gjenopprett den med den versjonen, og oppgrader etterpå.",
        "Tryggingskopien er laga av ein annan versjon av Samvik (databasen slutta med {migration}). Gjenopprett han med den versjonen, og oppgrader etterpå.",
        "The backup was made by another version of Samvik (its database ended with {migration}). Restore it with that version, then upgrade.",
    ),
    Code.OTHER_TABLES: (
        "Sikkerhetskopien har andre tabeller enn denne databasen. Gjenopprett den med versjonen som laget den.",
        "Tryggingskopien har andre tabellar enn denne databasen. Gjenopprett han med versjonen som laga han.",
        "The backup has other tables than this database. Restore it with the version that made it.",
    ),
    Code.OTHER_ENGINE: (
        "Sikkerhetskopien er fra {environment}-motoren til {parties}, ikke fra denne.",
        "Tryggingskopien er frå {environment}-motoren til {parties}, ikkje frå denne.",
        "The backup is of the {environment} engine of {parties}, not of this one.",
    ),
    Code.NO_REGISTER: (
        "Sikkerhetskopien har ikke noe partsregister: ingenting er sendt eller mottatt der.",
        "Tryggingskopien har ikkje noko partsregister: ingenting er sendt eller motteke der.",
        "The backup holds no party register: nothing was ever sent or received there.",
    ),
    # a database that cannot be replaced now
    Code.IN_USE: (
        "Noder eller kommandoer i Samvik bruker denne databasen. Stopp dem, og gjenopprett så.",
        "Nodar eller kommandoar i Samvik bruker denne databasen. Stopp dei, og gjenopprett så.",
        "Nodes or commands of Samvik use this database. Stop them, and restore then.",
    ),
    Code.NOT_EMPTY: (
        "Databasen er i bruk. Med --replace blir alt i den byttet ut med sikkerhetskopien.",
        "Databasen er i bruk. Med --replace blir alt i han bytt ut med tryggingskopien.",
        "The database is in use. Say --replace to have all that it holds replaced by the backup.",
    ),
}
