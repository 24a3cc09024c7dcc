-- A Ping that was answered is a mail of its own kind: it is neither a receipt nor a document.

ALTER TABLE inbound DROP CONSTRAINT inbound_state;
ALTER TABLE inbound ADD CONSTRAINT inbound_state CHECK (state IN (
    'MOTTATT', 'VENTER', 'KARANTENE', 'FORKASTET', 'AVVIST_TRANSPORT', 'DUPLIKAT', 'KORRELERT', 'UKORRELERT',
    'AVVIST_APP', 'DUPLIKAT_FAG', 'RUTET', 'LEVERT_INTERNT', 'LEST', 'RETURNERT', 'PING_BESVART'));
