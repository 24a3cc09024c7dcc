-- name: add_work
-- Queue work and wake idle nodes at commit; what is queued already only gets another due time.
WITH added AS (
    INSERT INTO work (owner, kind, subject, partner, due)
    VALUES (%(owner)s, %(kind)s, %(subject)s, %(partner)s, %(due)s)
    ON CONFLICT (owner, kind, subject) DO UPDATE SET due = EXCLUDED.due, again = work.lease IS NOT NULL
    RETURNING kind)
SELECT pg_notify('samvik_work', kind) FROM added;

-- name: drop_work
-- Take work out of the queue, also when a node holds it.
DELETE FROM work WHERE owner = %(owner)s AND kind = %(kind)s AND subject = %(subject)s;

-- name: finish_work
-- Take finished work out of the queue under our lease, unless it was asked for again meanwhile.
DELETE FROM work
WHERE owner = %(owner)s AND kind = %(kind)s AND subject = %(subject)s AND lease = %(lease)s AND NOT again;

-- name: release_work
-- Put work that was asked for again back, as if it were new.
WITH released AS (
    UPDATE work SET lease = NULL, lease_until = NULL, again = false, attempts = 0
    WHERE owner = %(owner)s AND kind = %(kind)s AND subject = %(subject)s AND lease = %(lease)s AND again
    RETURNING kind)
SELECT pg_notify('samvik_work', kind) FROM released;

-- name: postpone_work
-- Give work back with one attempt more; where it was asked for again, the earlier of the two times counts.
UPDATE work SET
    due = CASE WHEN again THEN least(due, %(due)s) ELSE %(due)s END,
    attempts = attempts + 1, lease = NULL, lease_until = NULL, again = false
WHERE owner = %(owner)s AND kind = %(kind)s AND subject = %(subject)s AND lease = %(lease)s;

-- name: put_back_work
-- Give work back that was not begun; where it was asked for again, the earlier of the two times counts.
UPDATE work SET
    due = CASE WHEN again THEN least(due, %(due)s) ELSE %(due)s END,
    lease = NULL, lease_until = NULL, again = false
WHERE owner = %(owner)s AND kind = %(kind)s AND subject = %(subject)s AND lease = %(lease)s;

-- name: weight_motta
-- The bytes of a mail.
SELECT octet_length(raw) AS weight FROM inbound WHERE owner = %(owner)s AND id = %(id)s;

-- name: weight_send
-- The bytes of a message that goes out.
SELECT octet_length(mime) AS weight FROM outbound WHERE owner = %(owner)s AND id = %(id)s;

-- name: weight_innboks
-- The bytes of a document in an inbox.
SELECT octet_length(document) AS weight FROM inbox_item WHERE owner = %(owner)s AND id = %(id)s;

-- name: take_work
-- Lease due work, oldest first, past what other nodes are leasing; the lease runs on this clock alone.
WITH due_work AS (
    SELECT owner, kind, subject FROM work
    WHERE lease IS NULL AND due <= %(now)s AND kind = ANY(%(kinds)s)
      AND (partner = '' OR partner <> ALL(%(busy)s))
    ORDER BY due, subject LIMIT %(most)s
    FOR UPDATE SKIP LOCKED)
UPDATE work SET
    lease = gen_random_uuid(), lease_until = clock_timestamp() + make_interval(secs => %(lease_seconds)s), again = false
FROM due_work
WHERE work.owner = due_work.owner AND work.kind = due_work.kind AND work.subject = due_work.subject
RETURNING work.owner, work.kind, work.subject, work.partner, work.due, work.attempts, work.lease;

-- name: return_expired_work
-- Free what dead nodes held, with one attempt more, so that work that kills its node shows.
UPDATE work SET lease = NULL, lease_until = NULL, attempts = attempts + 1
WHERE lease IS NOT NULL AND lease_until < clock_timestamp();

-- name: next_due
-- When the next work that nobody holds falls due.
SELECT min(due) AS due FROM work WHERE lease IS NULL AND kind = ANY(%(kinds)s);
