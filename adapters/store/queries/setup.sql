-- name: lock_migrations
-- Held by this session until it ends, so that two programs starting together migrate one after the other.
SELECT pg_advisory_lock(7230941651);

-- name: make_migration_table
-- The one table that is there before any migration.
CREATE TABLE IF NOT EXISTS migration (
    name       text        PRIMARY KEY,
    sha256     bytea       NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);

-- name: has_migration_table
-- Whether anything was ever applied here; changes nothing.
SELECT to_regclass('migration');

-- name: applied_migrations
-- What has been applied, with the digest of the file as it was then.
SELECT name, sha256 FROM migration ORDER BY name;

-- name: record_migration
-- Written in the transaction that applies the file.
INSERT INTO migration (name, sha256) VALUES (%(name)s, %(sha256)s);

-- name: session_settings
-- What every connection of the store runs with, whatever the server's own settings are.
SELECT set_config('synchronous_commit', 'on', false),
       set_config('timezone', 'UTC', false),
       set_config('lock_timeout', '15s', false),
       set_config('statement_timeout', '60s', false),
       set_config('idle_in_transaction_session_timeout', '120s', false);

-- name: listen_work
-- Hear of work that is queued.
LISTEN samvik_work;

-- name: log_settings
-- Sealing and verifying may take longer than what nodes do, but are just as durable.
SELECT set_config('synchronous_commit', 'on', false), set_config('timezone', 'UTC', false),
       set_config('statement_timeout', '0', false), set_config('lock_timeout', '0', false),
       set_config('idle_in_transaction_session_timeout', '0', false);

-- name: has_changes
-- Whether this transaction has changed or locked any row.
SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS changes;
