-- name: add_work
-- Queue work and tell nodes at commit of its kind and partner; what is queued already only gets another due time.
-- Deadlines wake nobody: nodes look for them every second.
-- by: owner text, kind text, subject uuid, partner text, due timestamptz
WITH added AS (
    INSERT INTO work (owner, kind, subject, partner, due)
    SELECT owner, kind, subject, partner, due FROM {pieces}
    ON CONFLICT (owner, kind, subject) DO UPDATE SET due = EXCLUDED.due, again = work.lease IS NOT NULL
    RETURNING kind, partner)
SELECT 1 AS n, pg_notify('samvik_work', rtrim(kind || ' ' || partner))
FROM (SELECT DISTINCT kind, partner FROM added WHERE kind NOT IN ('frist', 'sak')) AS woken;

-- name: hasten_work
-- Let work be due earlier, and wake idle nodes at commit.
WITH hastened AS (
    UPDATE work SET due = %(due)s
    WHERE owner = %(owner)s AND kind = %(kind)s AND subject = %(subject)s AND due > %(due)s
    RETURNING kind, partner)
SELECT pg_notify('samvik_work', rtrim(kind || ' ' || partner)) FROM hastened;

-- name: drop_work
-- Take work out of the queue, also when a node holds it.
-- by: owner text, kind text, subject uuid
DELETE FROM work USING {pieces}
WHERE work.owner = piece.owner AND work.kind = piece.kind AND work.subject = piece.subject
RETURNING piece.n;

-- name: finish_work
-- Take finished work out of the queue under our lease, unless it was asked for again meanwhile.
-- by: owner text, kind text, subject uuid, lease uuid
DELETE FROM work USING {pieces}
WHERE work.owner = piece.owner AND work.kind = piece.kind AND work.subject = piece.subject
  AND work.lease = piece.lease AND NOT work.again
RETURNING piece.n;

-- name: release_work
-- Put work that was asked for again back, as if it were new.
WITH released AS (
    UPDATE work SET lease = NULL, lease_until = NULL, again = false, attempts = 0, deaths = 0
    WHERE owner = %(owner)s AND kind = %(kind)s AND subject = %(subject)s AND lease = %(lease)s AND again
    RETURNING kind, partner)
SELECT pg_notify('samvik_work', rtrim(kind || ' ' || partner)) FROM released;

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
-- by: owner text, id uuid
SELECT n, octet_length(inbound.raw) AS weight
FROM {pieces} JOIN inbound ON inbound.owner = piece.owner AND inbound.id = piece.id;

-- name: weight_send
-- The bytes of a message that goes out.
-- by: owner text, id uuid
SELECT n, octet_length(outbound.mime) AS weight
FROM {pieces} JOIN outbound ON outbound.owner = piece.owner AND outbound.id = piece.id;

-- name: weight_innboks
-- The bytes of a document in an inbox.
-- by: owner text, id uuid
SELECT n, octet_length(inbox_item.document) AS weight
FROM {pieces} JOIN inbox_item ON inbox_item.owner = piece.owner AND inbox_item.id = piece.id;

-- name: take_work
-- Lease due work, oldest first, past what other nodes are leasing; the lease runs on this clock alone. A mail that
-- nodes may have died of is leased alone.
WITH due_work AS (
    SELECT owner, kind, subject, due, kind = 'motta' AND deaths >= %(suspect_deaths)s AS suspect FROM work
    WHERE lease IS NULL AND due <= %(now)s AND kind = ANY(%(kinds)s)
      AND (kind NOT IN ('send', 'brev', 'varsel') OR NOT EXISTS (SELECT FROM restoration WHERE released_at IS NULL))
    ORDER BY due, subject LIMIT %(most)s
    FOR UPDATE SKIP LOCKED),
ranked AS (
    SELECT owner, kind, subject, suspect, row_number() OVER oldest AS place, first_value(suspect) OVER oldest AS alone
    FROM due_work WINDOW oldest AS (ORDER BY due, subject))
UPDATE work SET
    lease = gen_random_uuid(), lease_until = clock_timestamp() + make_interval(secs => %(lease_seconds)s), again = false
FROM ranked
WHERE work.owner = ranked.owner AND work.kind = ranked.kind AND work.subject = ranked.subject
  AND CASE WHEN ranked.alone THEN ranked.place = 1 ELSE NOT ranked.suspect END
RETURNING work.owner, work.kind, work.subject, work.partner, work.due, work.attempts, work.lease, work.deaths;

-- name: return_expired_work
-- Free what dead nodes held, with one attempt more, so that work that kills its node shows. What somebody has locked
-- is being finished just now.
WITH expired AS (
    SELECT owner, kind, subject FROM work WHERE lease IS NOT NULL AND lease_until < clock_timestamp()
    ORDER BY owner, kind, subject FOR UPDATE SKIP LOCKED)
UPDATE work SET lease = NULL, lease_until = NULL, attempts = attempts + 1, deaths = deaths + 1
FROM expired
WHERE work.owner = expired.owner AND work.kind = expired.kind AND work.subject = expired.subject;

-- name: take_work_of
-- Lease due work of some partners, at most so many each: an index scan a partner, however much waits for the others.
WITH due_work AS (
    SELECT found.owner, found.kind, found.subject
    FROM unnest(%(partners)s::text[], %(windows)s::int[]) AS asked (partner, room)
    CROSS JOIN LATERAL (
        SELECT owner, kind, subject, due FROM work
        WHERE lease IS NULL AND kind = %(kind)s AND work.partner = asked.partner AND due <= %(now)s
          AND (kind NOT IN ('send', 'brev', 'varsel') OR NOT EXISTS (SELECT FROM restoration WHERE released_at IS NULL))
        ORDER BY due, subject LIMIT asked.room
        FOR UPDATE SKIP LOCKED) AS found
    ORDER BY found.due, found.subject LIMIT %(most)s)
UPDATE work SET
    lease = gen_random_uuid(), lease_until = clock_timestamp() + make_interval(secs => %(lease_seconds)s), again = false
FROM due_work
WHERE work.owner = due_work.owner AND work.kind = due_work.kind AND work.subject = due_work.subject
RETURNING work.owner, work.kind, work.subject, work.partner, work.due, work.attempts, work.lease, work.deaths;

-- name: take_work_of_others
-- Lease one piece of due work of each partner but those named. The index is walked from partner to partner: a thousand
-- rows that wait for one of them cost no more than one.
WITH RECURSIVE lane AS (
    (SELECT partner, due FROM work
     WHERE lease IS NULL AND kind = %(kind)s ORDER BY partner, due LIMIT 1)
    UNION ALL
    SELECT following.partner, following.due FROM lane CROSS JOIN LATERAL (
        SELECT partner, due FROM work
        WHERE lease IS NULL AND kind = %(kind)s AND work.partner > lane.partner
        ORDER BY partner, due LIMIT 1) AS following),
due_work AS (
    SELECT found.owner, found.kind, found.subject
    FROM (SELECT partner FROM lane WHERE due <= %(now)s AND partner <> ALL(%(closed)s)
          ORDER BY due LIMIT %(most)s) AS open_lane
    CROSS JOIN LATERAL (
        SELECT owner, kind, subject FROM work
        WHERE lease IS NULL AND kind = %(kind)s AND work.partner = open_lane.partner AND due <= %(now)s
          AND (kind NOT IN ('send', 'brev', 'varsel') OR NOT EXISTS (SELECT FROM restoration WHERE released_at IS NULL))
        ORDER BY due, subject LIMIT 1
        FOR UPDATE SKIP LOCKED) AS found)
UPDATE work SET
    lease = gen_random_uuid(), lease_until = clock_timestamp() + make_interval(secs => %(lease_seconds)s), again = false
FROM due_work
WHERE work.owner = due_work.owner AND work.kind = due_work.kind AND work.subject = due_work.subject
RETURNING work.owner, work.kind, work.subject, work.partner, work.due, work.attempts, work.lease, work.deaths;
