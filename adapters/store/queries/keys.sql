-- name: lock_key_checks
-- One program at a time decides whether its key ring is the database's; released with the transaction.
SELECT pg_advisory_xact_lock(7230941653);

-- name: key_checks
-- What each key of the database's key ring has sealed.
SELECT key_id, sealed FROM key_check ORDER BY at, key_id;

-- name: add_key_check
-- Let the database know a key of its ring.
INSERT INTO key_check (key_id, sealed) VALUES (%(key_id)s, %(sealed)s) ON CONFLICT (key_id) DO NOTHING;

-- name: lock_rotation
-- One rotation at a time, until its connection ends.
SELECT pg_try_advisory_lock(7230941654) AS mine;

-- name: commit_without_waiting
-- A commit that a crash loses leaves content under its older key, and the next try seals it again.
SELECT set_config('synchronous_commit', 'off', true);

