-- fragment: inbound_columns
-- What a row of the table is read by, without what is sealed.
id, owner, received_at, state, deadline, peer, size, sha256, mail_id, kind, message_id, conversation_id, ref_to,
cpa_id, from_her, to_her, service, action, msg_id, apprec, reason, pile, verified, reduced_at

-- name: add_inbound
-- Store a mail as it came.
-- by: id uuid, owner text, received_at timestamptz, state text, deadline timestamptz, peer text, size bigint,
-- by: sha256 bytea, mail_id text, kind text, message_id text, conversation_id text, ref_to text, cpa_id text,
-- by: from_her text, to_her text, service text, action text, msg_id text, apprec text, reason text, verified boolean,
-- by: reduced_at timestamptz, raw bytea
INSERT INTO inbound (
    id, owner, received_at, state, deadline, peer, size, sha256, mail_id, kind, message_id, conversation_id, ref_to,
    cpa_id, from_her, to_her, service, action, msg_id, apprec, reason, verified, reduced_at, raw)
SELECT
    id, owner, received_at, state, deadline, peer, size, sha256, mail_id, kind, message_id, conversation_id, ref_to,
    cpa_id, from_her, to_her, service, action, msg_id, apprec, reason, verified, reduced_at, raw
FROM {pieces};

-- name: inbound
-- One mail without its bytes, locked.
-- by: owner text, id uuid
SELECT n, found.* FROM {pieces} CROSS JOIN LATERAL (
    SELECT {inbound_columns}
    FROM inbound WHERE inbound.owner = piece.owner AND inbound.id = piece.id
    FOR UPDATE) AS found;

-- name: inbound_raw
-- The sealed bytes of a mail.
-- by: owner text, id uuid
SELECT n, inbound.raw FROM {pieces} JOIN inbound ON inbound.owner = piece.owner AND inbound.id = piece.id;

-- name: undecided
-- Mails that nobody has decided on, oldest first; each state by its own index. What strangers put into quarantine is
-- left out here, so that no number of their mails hides another.
SELECT {inbound_columns}
FROM inbound WHERE owner = %(owner)s AND kind IS NULL AND received_at >= %(since)s
  AND ((state IN ('MOTTATT', 'VENTER') AND (from_her IS NULL OR to_her = ANY(%(to)s)))
    OR (state = 'KARANTENE' AND owner = %(nobody)s AND to_her = ANY(%(to)s)))
ORDER BY received_at, id LIMIT %(most)s;

-- name: saw_mail
-- Another copy of a mail, by Message-ID and bytes, that was verified: one that failed has no kind.
-- by: owner text, message_id text, mail_id text, sha256 bytea, since timestamptz, id uuid
SELECT n, found.id FROM {pieces} CROSS JOIN LATERAL (
    SELECT id FROM inbound
    WHERE inbound.owner = piece.owner AND inbound.message_id = piece.message_id AND inbound.mail_id = piece.mail_id
      AND inbound.sha256 = piece.sha256 AND inbound.received_at >= piece.since AND inbound.kind IS NOT NULL
      AND inbound.id <> piece.id
    LIMIT 1) AS found;

-- name: unverified
-- Decided mails that nobody vouched for, the oldest first: whole ones, or those of which only the header is kept.
SELECT {inbound_columns}
FROM inbound WHERE owner = %(owner)s AND NOT verified AND received_at < %(before)s
  AND state IN ('KARANTENE', 'FORKASTET', 'AVVIST_TRANSPORT') AND (reduced_at IS NULL) = %(whole)s
ORDER BY received_at, id LIMIT %(most)s;

-- name: reduce
-- Keep the header of a mail that nobody vouched for instead of its bytes.
UPDATE inbound SET raw = %(raw)s, reduced_at = %(at)s
WHERE owner = %(owner)s AND id = %(id)s AND NOT verified AND reduced_at IS NULL
  AND state IN ('KARANTENE', 'FORKASTET', 'AVVIST_TRANSPORT');

-- name: forget
-- Remove a mail of which only the header is left.
DELETE FROM inbound WHERE owner = %(owner)s AND id = %(id)s AND NOT verified AND reduced_at IS NOT NULL
  AND state IN ('KARANTENE', 'FORKASTET', 'AVVIST_TRANSPORT');

-- name: kept_of_strangers
-- Bytes of whole mails that nobody vouched for, and the number of all such, from the index alone.
SELECT coalesce(sum(size) FILTER (WHERE reduced_at IS NULL), 0) AS size, count(*) AS mails
FROM inbound WHERE NOT verified;

-- name: copies
-- How many copies of a message came after a time; no more than `most` are counted.
-- by: owner text, message_id text, since timestamptz, most integer
SELECT n, (
    SELECT count(*) FROM (
        SELECT FROM inbound
        WHERE inbound.owner = piece.owner AND inbound.message_id = piece.message_id
          AND inbound.received_at >= piece.since AND inbound.state = 'DUPLIKAT' LIMIT piece.most) AS copy) AS number
FROM {pieces};

-- name: piled
-- Mails of a pile that still lie there, by id, locked; what another transaction moves is left out.
SELECT {inbound_columns}
FROM inbound WHERE owner = %(owner)s AND pile = %(pile)s AND state = 'KARANTENE'
  AND (%(after)s::uuid IS NULL OR id > %(after)s)
ORDER BY id LIMIT %(most)s
FOR UPDATE SKIP LOCKED;

-- name: settle_inbound
-- Everything but the identity of the row (id and the time that its partition goes by), guarded by the old state.
-- by: old_owner text, id uuid, state text, deadline timestamptz, peer text, size bigint, sha256 bytea, mail_id text,
-- by: kind text, message_id text, conversation_id text, ref_to text, cpa_id text, from_her text, to_her text,
-- by: service text, action text, msg_id text, apprec text, reason text, pile uuid, verified boolean, was text
UPDATE inbound SET
    state = piece.state, deadline = piece.deadline, peer = piece.peer, size = piece.size, sha256 = piece.sha256,
    mail_id = piece.mail_id, kind = piece.kind, message_id = piece.message_id,
    conversation_id = piece.conversation_id, ref_to = piece.ref_to, cpa_id = piece.cpa_id, from_her = piece.from_her,
    to_her = piece.to_her, service = piece.service, action = piece.action, msg_id = piece.msg_id,
    apprec = piece.apprec, reason = piece.reason, pile = piece.pile, verified = piece.verified
FROM {pieces}
WHERE inbound.owner = piece.old_owner AND inbound.id = piece.id AND inbound.state = piece.was
RETURNING piece.n;

-- name: move_inbound
-- Give a mail, just settled, to another owner together with its bytes as they were sealed anew.
-- by: old_owner text, id uuid, owner text, raw bytea
UPDATE inbound SET owner = piece.owner, raw = piece.raw
FROM {pieces} WHERE inbound.owner = piece.old_owner AND inbound.id = piece.id
RETURNING piece.n;

-- name: list_inbound
-- A party's mails, newest first; states, kind and time narrow the list where they are given.
SELECT {inbound_columns}
FROM inbound WHERE owner = %(owner)s AND (%(states)s::text[] IS NULL OR state = ANY(%(states)s))
  AND (%(kind)s::text IS NULL OR kind = %(kind)s) AND received_at <= coalesce(%(before)s::timestamptz, 'infinity')
  AND (%(before)s::timestamptz IS NULL OR received_at < %(before)s OR id > %(past)s::uuid)
ORDER BY received_at DESC, id LIMIT %(most)s;

-- name: find_in_inbound
-- Mails that carry an id in any of its places, each place by its own index; our own id is from `low` to `high`.
SELECT {inbound_columns}
FROM inbound WHERE owner = %(owner)s
  AND (id BETWEEN %(low)s AND %(high)s OR message_id = ANY(%(texts)s) OR msg_id = ANY(%(texts)s)
       OR conversation_id = ANY(%(texts)s) OR ref_to = ANY(%(texts)s))
ORDER BY received_at DESC, id LIMIT %(most)s;

-- name: find_beginning_in_inbound
-- Mails of which an id begins with a text, each place by its own index: what lies between the text itself and
-- the text with the last sign there is. `one` and `other` are the same text, or a UUID in small letters and capitals.
SELECT {inbound_columns}
FROM inbound WHERE owner = %(owner)s
  AND (id BETWEEN %(low)s AND %(high)s
       OR (message_id ~>=~ %(one)s AND message_id ~<~ (%(one)s::text || chr(1114111)))
       OR (message_id ~>=~ %(other)s AND message_id ~<~ (%(other)s::text || chr(1114111)))
       OR (msg_id ~>=~ %(one)s AND msg_id ~<~ (%(one)s::text || chr(1114111)))
       OR (msg_id ~>=~ %(other)s AND msg_id ~<~ (%(other)s::text || chr(1114111)))
       OR (conversation_id ~>=~ %(one)s AND conversation_id ~<~ (%(one)s::text || chr(1114111)))
       OR (conversation_id ~>=~ %(other)s AND conversation_id ~<~ (%(other)s::text || chr(1114111))))
ORDER BY received_at DESC, id LIMIT %(most)s;
