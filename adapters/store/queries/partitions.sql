-- name: lock_partitions
-- One node at a time makes or drops months; released with the transaction.
SELECT pg_advisory_xact_lock(7230941652);

-- name: partition_names
-- The months that a table has, and its default partition.
SELECT child.relname AS name
FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
WHERE inhparent = %(parent)s::regclass
ORDER BY child.relname;

-- name: record_dropped_month
-- A month dropped twice, because late rows made it again, keeps its first record.
INSERT INTO dropped_month (parent, first_at, before_at, dropped_at, mac)
VALUES (%(parent)s, %(first_at)s, %(before_at)s, %(now)s, %(mac)s)
ON CONFLICT (parent, first_at) DO NOTHING;
