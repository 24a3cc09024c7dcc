-- name: lock_log
-- One node seals at a time; released with the transaction.
SELECT pg_advisory_xact_lock(7230941653);

-- name: last_seal
-- The end of the chain as the database knows it.
SELECT id, hash FROM seal ORDER BY id DESC LIMIT 1;

-- name: unsealed_events
-- Committed events that no seal holds yet, in id order; the engine numbers from 1, anything else is for verification.
SELECT id, owner, at, subject, action, actor, data, mac FROM event WHERE seal IS NULL AND id > 0 ORDER BY id LIMIT %(most)s;

-- name: add_seal
-- Write a seal; the arrays run in step.
INSERT INTO seal (id, made_at, events, times, hashes, previous, hash)
VALUES (%(id)s, %(made_at)s, %(events)s, %(times)s, %(hashes)s, %(previous)s, %(hash)s);

-- name: mark_sealed
-- Note on each event which seal holds it.
UPDATE event SET seal = %(seal)s WHERE id = ANY(%(events)s) AND seal IS NULL;

-- name: seals_after
-- Seals newer than one, in order, a few at a time.
SELECT id, made_at, events, times, hashes, previous, hash FROM seal
WHERE %(after)s::bigint IS NULL OR id > %(after)s ORDER BY id LIMIT %(most)s;

-- name: events_of_seal
-- Every event that a seal holds or that says so.
SELECT id, owner, at, subject, action, actor, data, mac, seal FROM event
WHERE id = ANY(%(events)s) OR seal = %(seal)s
ORDER BY id, at;

-- name: events_without_seal
-- Events whose seal is gone from the database, or that have none yet, a few at a time. Two may bear one number.
SELECT id, owner, at, subject, action, actor, data, mac, seal FROM event
WHERE (%(after)s::bigint IS NULL OR (id, at) > (%(after)s, %(at)s::timestamptz))
  AND (seal IS NULL OR NOT EXISTS (SELECT FROM seal WHERE seal.id = event.seal))
ORDER BY id, at LIMIT %(most)s;

-- name: begun_anchor
-- After which seal an anchor file was begun at a place.
SELECT after_seal FROM anchor_file WHERE place = %(place)s;

-- name: note_anchor
-- Note that an anchor file was begun at a place.
INSERT INTO anchor_file (place, begun_at, after_seal) VALUES (%(place)s, %(at)s, %(after)s)
ON CONFLICT (place) DO UPDATE SET begun_at = excluded.begun_at, after_seal = excluded.after_seal;

-- name: dropped_months
-- Months of events that retention says it has dropped.
SELECT first_at, before_at, dropped_at, mac FROM dropped_month WHERE parent = 'event' ORDER BY first_at;
