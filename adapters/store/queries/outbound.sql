-- fragment: outbound_columns
-- What a row of the table is read by, without what is sealed.
id, owner, created_at, kind, state, deadline, message_id, conversation_id, ref_to, cpa_id, from_her, to_her,
service, action, to_address, from_address, reference_digests, resend_interval, resend_limit, apprec_deadline,
attempts, sent_at, msg_id, answers, receiver_her, sender_her, reason

-- name: add_outbound
-- Store a message that goes out, with what will be sent for as long as it is sent.
INSERT INTO outbound (
    id, owner, created_at, kind, state, deadline, message_id, conversation_id, ref_to, cpa_id, from_her, to_her,
    service, action, to_address, from_address, reference_digests, resend_interval, resend_limit, apprec_deadline,
    attempts, sent_at, msg_id, answers, receiver_her, sender_her, reason, mime, document)
VALUES (
    %(id)s, %(owner)s, %(created_at)s, %(kind)s, %(state)s, %(deadline)s, %(message_id)s, %(conversation_id)s,
    %(ref_to)s, %(cpa_id)s, %(from_her)s, %(to_her)s, %(service)s, %(action)s, %(to_address)s, %(from_address)s,
    %(reference_digests)s, %(resend_interval)s, %(resend_limit)s, %(apprec_deadline)s, %(attempts)s, %(sent_at)s,
    %(msg_id)s, %(answers)s, %(receiver_her)s, %(sender_her)s, %(reason)s, %(mime)s, %(document)s);

-- name: outbound
-- One message without its bytes, locked.
SELECT {outbound_columns}
FROM outbound WHERE owner = %(owner)s AND id = %(id)s
FOR UPDATE;

-- name: outbound_mime
-- The sealed MIME entity of a message, which may be large.
SELECT mime AS content FROM outbound WHERE owner = %(owner)s AND id = %(id)s;

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
SELECT {outbound_columns}
FROM outbound WHERE owner = %(owner)s AND message_id = %(message_id)s
ORDER BY created_at DESC, id LIMIT 1
FOR UPDATE;

-- name: outbound_by_msg_id
-- Business messages that carried a document's MsgId, newest first, locked.
SELECT {outbound_columns}
FROM outbound WHERE owner = %(owner)s AND msg_id = %(msg_id)s AND kind = 'melding'
ORDER BY created_at DESC, id
FOR UPDATE;

-- name: settle_outbound
-- What sending and receipts change, guarded by the old state.
UPDATE outbound SET
    state = %(state)s, deadline = %(deadline)s, attempts = %(attempts)s, sent_at = %(sent_at)s, reason = %(reason)s
WHERE owner = %(owner)s AND id = %(id)s AND state = %(was)s;

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
  AND (id BETWEEN %(low)s AND %(high)s OR message_id = %(text)s OR msg_id = %(text)s
       OR conversation_id = %(text)s OR ref_to = %(text)s)
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
