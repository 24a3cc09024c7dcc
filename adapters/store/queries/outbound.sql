-- fragment: outbound_columns
-- What a row of the table is read by, without what is sealed.
id, owner, created_at, kind, state, deadline, message_id, conversation_id, ref_to, cpa_id, from_her, to_her,
service, action, to_address, from_address, reference_digests, resend_interval, resend_limit, apprec_deadline,
attempts, sent_at, msg_id, answers, receiver_her, sender_her, reason

-- name: add_outbound
-- Store a message that goes out, with what will be sent for as long as it is sent.
-- by: id uuid, owner text, created_at timestamptz, kind text, state text, deadline timestamptz, message_id text,
-- by: conversation_id text, ref_to text, cpa_id text, from_her text, to_her text, service text, action text,
-- by: to_address text, from_address text, reference_digests jsonb, resend_interval integer, resend_limit integer,
-- by: apprec_deadline integer, attempts integer, sent_at timestamptz, msg_id text, answers uuid, receiver_her text,
-- by: sender_her text, reason text, mime bytea, document bytea
INSERT INTO outbound (
    id, owner, created_at, kind, state, deadline, message_id, conversation_id, ref_to, cpa_id, from_her, to_her,
    service, action, to_address, from_address, reference_digests, resend_interval, resend_limit, apprec_deadline,
    attempts, sent_at, msg_id, answers, receiver_her, sender_her, reason, mime, document)
SELECT
    id, owner, created_at, kind, state, deadline, message_id, conversation_id, ref_to, cpa_id, from_her, to_her,
    service, action, to_address, from_address, reference_digests, resend_interval, resend_limit, apprec_deadline,
    attempts, sent_at, msg_id, answers, receiver_her, sender_her, reason, mime, document
FROM {pieces};

-- name: outbound
-- One message without its bytes, locked.
-- by: owner text, id uuid
SELECT n, found.* FROM {pieces} CROSS JOIN LATERAL (
    SELECT {outbound_columns}
    FROM outbound WHERE outbound.owner = piece.owner AND outbound.id = piece.id
    FOR UPDATE) AS found;

-- name: outbound_mime
-- The sealed MIME entity of a message, which may be large.
-- by: owner text, id uuid
SELECT n, outbound.mime AS content
FROM {pieces} JOIN outbound ON outbound.owner = piece.owner AND outbound.id = piece.id;

-- name: outbound_document
-- The sealed document of a message, which may be large.
SELECT document AS content FROM outbound WHERE owner = %(owner)s AND id = %(id)s;

-- name: outbound_partner_word
-- What the partner wrote about a message, sealed.
SELECT partner_word AS content FROM outbound WHERE owner = %(owner)s AND id = %(id)s;

-- name: keep_partner_word
-- What a partner wrote about our message, sealed.
UPDATE outbound SET partner_word = %(partner_word)s WHERE owner = %(owner)s AND id = %(id)s;

-- name: outbound_by_message_id
-- Our message with an ebXML MessageId, locked; the newest, should there ever be two.
-- by: owner text, message_id text
SELECT n, found.* FROM {pieces} CROSS JOIN LATERAL (
    SELECT {outbound_columns}
    FROM outbound WHERE outbound.owner = piece.owner AND outbound.message_id = piece.message_id
    ORDER BY created_at DESC, id LIMIT 1
    FOR UPDATE) AS found;

-- name: outbound_by_msg_id
-- Business messages that carried a document's MsgId, newest first, locked.
-- by: owner text, msg_id text
SELECT n, found.* FROM {pieces} CROSS JOIN LATERAL (
    SELECT {outbound_columns}
    FROM outbound WHERE outbound.owner = piece.owner AND outbound.msg_id = piece.msg_id AND kind = 'melding'
    ORDER BY created_at DESC, id
    FOR UPDATE) AS found;

-- name: settle_outbound
-- What sending and receipts change, guarded by the old state.
-- by: owner text, id uuid, state text, deadline timestamptz, attempts integer, sent_at timestamptz, reason text,
-- by: was text
UPDATE outbound SET
    state = piece.state, deadline = piece.deadline, attempts = piece.attempts, sent_at = piece.sent_at,
    reason = piece.reason
FROM {pieces}
WHERE outbound.owner = piece.owner AND outbound.id = piece.id AND outbound.state = piece.was
RETURNING piece.n;

-- name: outbound_in
-- Every outgoing message of a party in some states, oldest first.
SELECT {outbound_columns}
FROM outbound WHERE owner = %(owner)s AND state = ANY(%(states)s)
ORDER BY created_at, id
FOR UPDATE;

-- name: list_outbound
-- A party's outgoing messages, newest first; states, kind and time narrow the list where they are given.
SELECT {outbound_columns}
FROM outbound WHERE owner = %(owner)s AND (%(states)s::text[] IS NULL OR state = ANY(%(states)s))
  AND (%(kind)s::text IS NULL OR kind = %(kind)s) AND created_at <= coalesce(%(before)s::timestamptz, 'infinity')
  AND (%(before)s::timestamptz IS NULL OR created_at < %(before)s OR id > %(past)s::uuid)
ORDER BY created_at DESC, id LIMIT %(most)s;

-- name: find_in_outbound
-- Outgoing messages that carry an id in any of its places, each by its own index; our own is from `low` to `high`.
SELECT {outbound_columns}
FROM outbound WHERE owner = %(owner)s
  AND (id BETWEEN %(low)s AND %(high)s OR message_id = ANY(%(texts)s) OR msg_id = ANY(%(texts)s)
       OR conversation_id = ANY(%(texts)s) OR ref_to = ANY(%(texts)s))
ORDER BY created_at DESC, id LIMIT %(most)s;

-- name: find_beginning_in_outbound
-- Outgoing messages of which an id begins with a text, each place by its own index: what lies between the text itself and
-- the text with the last sign there is. `one` and `other` are the same text, or a UUID in small letters and capitals.
SELECT {outbound_columns}
FROM outbound WHERE owner = %(owner)s
  AND (id BETWEEN %(low)s AND %(high)s
       OR (message_id ~>=~ %(one)s AND message_id ~<~ (%(one)s::text || chr(1114111)))
       OR (message_id ~>=~ %(other)s AND message_id ~<~ (%(other)s::text || chr(1114111)))
       OR (msg_id ~>=~ %(one)s AND msg_id ~<~ (%(one)s::text || chr(1114111)))
       OR (msg_id ~>=~ %(other)s AND msg_id ~<~ (%(other)s::text || chr(1114111)))
       OR (conversation_id ~>=~ %(one)s AND conversation_id ~<~ (%(one)s::text || chr(1114111)))
       OR (conversation_id ~>=~ %(other)s AND conversation_id ~<~ (%(other)s::text || chr(1114111))))
ORDER BY created_at DESC, id LIMIT %(most)s;
