-- name: premises
-- What must be so before a node works here. A setting of another version of PostgreSQL counts as 0.
SELECT pg_encoding_to_char(encoding) AS encoding,
       current_setting('server_version_num')::int AS version,
       current_setting('default_transaction_read_only') = 'on' AS read_only,
       pg_is_in_recovery() AS standby,
       current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on' AS durable,
       coalesce((SELECT setting::int FROM pg_settings WHERE name = 'idle_session_timeout'), 0) AS idle_session_ms,
       has_schema_privilege(current_schema(), 'CREATE') AS may_create,
       (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
       (current_setting('max_connections')::int
        - (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'))::int AS free
FROM pg_database WHERE datname = current_database();

-- name: database_time
-- The clock that nodes agree on.
SELECT clock_timestamp() AS now;

-- name: mark_session
-- Leave a mark in this session, and say which server process holds it.
SELECT set_config('samvik.mark', gen_random_uuid()::text, false) AS mark, pg_backend_pid() AS pid;

-- name: session_mark
-- The mark of this session.
SELECT current_setting('samvik.mark', true) AS mark, pg_backend_pid() AS pid;
