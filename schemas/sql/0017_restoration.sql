-- Restores from a backup. While one is not released nothing is sent (adapters/store/queries/work.sql).
-- `first_seal` to `last_seal` are seals of the event log that were anchored and are gone with what came after the
-- backup; `mac` under the log key shows that the engine wrote so.
CREATE TABLE restoration (
    id          uuid        PRIMARY KEY,
    backup_at   timestamptz NOT NULL,
    restored_at timestamptz NOT NULL,
    restored_by text        NOT NULL,
    first_seal  bigint      NOT NULL,
    last_seal   bigint      NOT NULL,
    mac         bytea       NOT NULL,
    released_at timestamptz,
    released_by text        NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX restoration_held ON restoration ((released_at IS NULL)) WHERE released_at IS NULL;
ALTER TABLE restoration ENABLE ROW LEVEL SECURITY;
