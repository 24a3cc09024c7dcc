-- name: claim
-- The primary key decides who was first; a rival that has not committed yet is waited for.
-- by: owner text, kind text, party text, id text, digest bytea, answer uuid, now timestamptz
WITH asked AS (SELECT owner, kind, party, id, digest, answer, now, n FROM {pieces}),
claimed AS (
    INSERT INTO ledger (owner, kind, party, id, digest, answer, claimed_at)
    SELECT owner, kind, party, id, digest, answer, now FROM asked ORDER BY n
    ON CONFLICT DO NOTHING
    RETURNING owner, kind, party, id)
SELECT min(n) AS n, true AS claimed FROM asked JOIN claimed USING (owner, kind, party, id)
GROUP BY owner, kind, party, id;

-- name: held_claim
-- What the ledger holds under an id, and whether it was claimed in this very transaction.
-- by: owner text, kind text, party text, id text
SELECT n, digest, answer, claimed_at, ledger.xmin = pg_current_xact_id_if_assigned()::xid IS TRUE AS just_now
FROM {pieces} JOIN ledger USING (owner, kind, party, id);

-- name: set_claim_answer
-- What a later duplicate gets.
-- by: owner text, kind text, party text, id text, answer uuid
UPDATE ledger SET answer = piece.answer
FROM {pieces}
WHERE ledger.owner = piece.owner AND ledger.kind = piece.kind AND ledger.party = piece.party
  AND ledger.id = piece.id
RETURNING piece.n;

-- name: lock_refusals
-- One transaction at a time counts and adds a party's refusals of a kind.
SELECT pg_advisory_xact_lock(hashtextextended('refusal ' || %(kind)s::text || ' ' || %(party)s::text, 0));

-- name: has_refusal
-- Whether an id and digest were refused before.
SELECT true AS refused FROM refusal
WHERE kind = %(kind)s AND party = %(party)s AND message_id = %(message_id)s AND digest = %(digest)s;

-- name: refusals_since
-- How many refusals of a kind went to a party after a time.
SELECT count(*) AS sent FROM refusal WHERE kind = %(kind)s AND party = %(party)s AND at > %(since)s;

-- name: add_refusal
-- Count one refusal.
INSERT INTO refusal (kind, party, message_id, digest, at)
VALUES (%(kind)s, %(party)s, %(message_id)s, %(digest)s, %(now)s);

-- name: forget_answers
-- Forget the refusals of a time whose messages are too old to be answered at all.
DELETE FROM refusal WHERE at < %(before)s;
