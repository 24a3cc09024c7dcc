-- name: count_failure
-- Count one more failure by the unique key, or begin a row; the row is ours until the transaction ends.
INSERT INTO alarm (id, owner, partner, cause, state, count, first_at, last_at, told_at)
VALUES (%(id)s, %(owner)s, %(partner)s, %(cause)s, %(state)s, %(count)s, %(first_at)s, %(last_at)s, %(told_at)s)
ON CONFLICT (owner, partner, cause) DO UPDATE
SET count = alarm.count + 1, last_at = greatest(alarm.last_at, EXCLUDED.last_at)
RETURNING id, owner, partner, cause, state, count, first_at, last_at, told_at;

-- name: failing_alarms
-- What fails for a partner or for our own way out, in one order, so that two transactions never wait for one another.
-- `causes` and `states` are words with a space between them.
-- by: owner text, partner text, causes text, states text
SELECT n, found.* FROM {pieces} CROSS JOIN LATERAL (
    SELECT id, owner, partner, cause, state, count, first_at, last_at, told_at
    FROM alarm
    WHERE alarm.owner = piece.owner AND alarm.partner IN (piece.partner, '')
      AND cause = ANY(string_to_array(piece.causes, ' ')) AND state = ANY(string_to_array(piece.states, ' '))
    ORDER BY partner, cause
    FOR UPDATE) AS found;

-- name: alarm
-- One alarm, locked.
SELECT id, owner, partner, cause, state, count, first_at, last_at, told_at
FROM alarm WHERE owner = %(owner)s AND id = %(id)s
FOR UPDATE;

-- name: keep_alarm
-- Write what can change of an alarm that this transaction holds.
UPDATE alarm SET state = %(state)s, count = %(count)s, first_at = %(first_at)s, last_at = %(last_at)s,
    told_at = %(told_at)s
WHERE owner = %(owner)s AND id = %(id)s;

-- name: list_alarms
-- A party's alarms that are not over, the oldest first.
SELECT id, owner, partner, cause, state, count, first_at, last_at, told_at
FROM alarm WHERE owner = %(owner)s AND state <> 'LUKKET'
ORDER BY first_at, id LIMIT %(most)s;

-- name: find_alarms
-- A party's alarms that are not over, with an id from `low` to `high`.
SELECT id, owner, partner, cause, state, count, first_at, last_at, told_at
FROM alarm WHERE owner = %(owner)s AND id BETWEEN %(low)s AND %(high)s AND state <> 'LUKKET'
ORDER BY first_at, id LIMIT %(most)s;
