-- No command ever moved a mail to LEST: who read it stands in the event log.

ALTER TABLE inbound DROP CONSTRAINT inbound_state;
ALTER TABLE inbound ADD CONSTRAINT inbound_state CHECK (state IN (
    'MOTTATT', 'VENTER', 'KARANTENE', 'FORKASTET', 'AVVIST_TRANSPORT', 'DUPLIKAT', 'KORRELERT', 'UKORRELERT',
    'AVVIST_APP', 'DUPLIKAT_FAG', 'RUTET', 'LEVERT_INTERNT', 'RETURNERT', 'PING_BESVART'));
