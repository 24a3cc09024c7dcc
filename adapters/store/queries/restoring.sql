-- name: add_restoration
-- Remember a restore; the seals of the log that are gone with it are vouched for by a mark.
INSERT INTO restoration (id, backup_at, restored_at, restored_by, first_seal, last_seal, mac)
VALUES (%(id)s, %(backup_at)s, %(restored_at)s, %(restored_by)s, 1, 0, '');

-- name: note_lost_seals
-- Say which seals are gone with a restore.
UPDATE restoration SET first_seal = %(first)s, last_seal = %(last)s, mac = %(mac)s WHERE id = %(id)s;

-- name: restoration
-- The restore that holds all sending.
SELECT id, backup_at, restored_at, restored_by FROM restoration WHERE released_at IS NULL FOR UPDATE;

-- name: release_restoration
-- Hold nothing any more.
UPDATE restoration SET released_at = %(at)s, released_by = %(by)s WHERE id = %(id)s AND released_at IS NULL;

-- name: last_restored
-- When a backup was restored last; `asked` is only there to ask by set.
-- by: asked integer
SELECT n, (SELECT max(restored_at) FROM restoration) AS at FROM {pieces};

-- name: lost_seals
-- Seals that went with restores.
SELECT id, restored_at, first_seal, last_seal, mac FROM restoration WHERE first_seal <= last_seal ORDER BY restored_at;

-- name: tables_to_back_up
-- Every table of ours with its columns, in order. Sessions end with a restore; what was migrated is compared instead.
SELECT class.relname AS name, array_agg(attribute.attname::text ORDER BY attribute.attnum) AS columns
FROM pg_class AS class
JOIN pg_namespace AS space ON space.oid = class.relnamespace AND space.nspname = current_schema()
JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid AND attribute.attnum > 0
    AND NOT attribute.attisdropped AND attribute.attgenerated = ''
WHERE class.relkind IN ('r', 'p') AND NOT class.relispartition
  AND class.relname NOT IN ('migration', 'web_session', 'web_attempt')
GROUP BY class.relname ORDER BY class.relname;

-- name: foreign_keys
-- Which table refers to which.
SELECT DISTINCT referring.relname AS referring, referred.relname AS referred
FROM pg_constraint JOIN pg_class AS referring ON referring.oid = conrelid JOIN pg_class AS referred ON referred.oid = confrelid
WHERE contype = 'f' AND conrelid <> confrelid;

-- name: sequences_to_back_up
-- Where each sequence stands.
SELECT sequencename AS name, last_value AS at FROM pg_sequences
WHERE schemaname = current_schema() AND last_value IS NOT NULL ORDER BY sequencename;

-- name: set_sequence
-- Let a sequence go on after a number.
SELECT setval(%(name)s::regclass, %(at)s);

-- name: others_connected
-- Who else of ours uses this database now.
SELECT count(*) AS number FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'samvik%%';

-- name: forget_leases
-- What was under way when the backup was made is under way nowhere now.
UPDATE work SET lease = NULL, lease_until = NULL WHERE lease IS NOT NULL;
