-- fragment: inbox_columns
-- What a row of the table is read by, without what is sealed.
id, owner, receiver, addressed_to, sender, msg_id, message_type, received_at, inbound, conversation, parent,
note, made_at, exported_at, taken_at, taken_by

-- name: add_inbox_item
-- Put a document into an inbox.
-- by: id uuid, owner text, receiver text, addressed_to text, sender text, msg_id text, message_type text,
-- by: received_at timestamptz, inbound uuid, conversation text, parent text, note text, made_at timestamptz,
-- by: exported_at timestamptz, taken_at timestamptz, taken_by text, document bytea
INSERT INTO inbox_item (
    id, owner, receiver, addressed_to, sender, msg_id, message_type, received_at, inbound, conversation, parent, note,
    made_at, exported_at, taken_at, taken_by, document)
SELECT
    id, owner, receiver, addressed_to, sender, msg_id, message_type, received_at, inbound, conversation, parent, note,
    made_at, exported_at, taken_at, taken_by, document
FROM {pieces};

-- name: inbox_item
-- One inbox item with its sealed document.
-- by: owner text, id uuid
SELECT n, found.* FROM {pieces} CROSS JOIN LATERAL (
    SELECT {inbox_columns}, document
    FROM inbox_item WHERE inbox_item.owner = piece.owner AND inbox_item.id = piece.id) AS found;

-- name: inbox_item_by_msg_id
-- The inbox item whose document bore a sender's MsgId, with its sealed document.
SELECT {inbox_columns}, document
FROM inbox_item WHERE owner = %(owner)s AND sender = %(sender)s AND msg_id = %(msg_id)s
ORDER BY received_at, id LIMIT 1;

-- name: received
-- What came into one inbox under a MsgId, without the documents.
SELECT {inbox_columns}
FROM inbox_item WHERE owner = %(owner)s AND receiver = %(receiver)s AND msg_id = %(msg_id)s
ORDER BY received_at DESC, id;

-- name: inbox_thread
-- What came in one conversation, without the documents: its first message bears the id that the others refer to.
-- by: owner text, conversation text
SELECT n, found.* FROM {pieces} CROSS JOIN LATERAL (
    SELECT {inbox_columns}
    FROM inbox_item
    WHERE inbox_item.owner = piece.owner
      AND (inbox_item.conversation = piece.conversation OR inbox_item.msg_id = piece.conversation)
    ORDER BY received_at, id LIMIT 1000) AS found;

-- name: mark_exported
-- Note that the item stands in the party's folder.
-- by: owner text, id uuid, at timestamptz
UPDATE inbox_item SET exported_at = piece.at
FROM {pieces} WHERE inbox_item.owner = piece.owner AND inbox_item.id = piece.id
RETURNING piece.n;

-- name: take_item
-- Note who took an item, the first time alone, and give it as it stands then.
UPDATE inbox_item SET taken_at = coalesce(taken_at, %(at)s),
       taken_by = CASE WHEN taken_at IS NULL THEN %(by)s ELSE taken_by END
WHERE owner = %(owner)s AND id = %(id)s
RETURNING {inbox_columns};

-- name: untaken
-- What nobody has taken from one inbox, after an item where one is named, oldest first.
SELECT {inbox_columns}
FROM inbox_item WHERE owner = %(owner)s AND receiver = %(receiver)s AND taken_at IS NULL
  AND (%(after)s::uuid IS NULL OR (received_at, id) > (
      SELECT received_at, id FROM inbox_item WHERE owner = %(owner)s AND receiver = %(receiver)s AND id = %(after)s))
ORDER BY received_at, id LIMIT %(most)s;

-- name: list_inbox
-- What stands in the inboxes of a party, or in one of them, newest first.
SELECT {inbox_columns}
FROM inbox_item WHERE owner = %(owner)s AND (%(receiver)s::text IS NULL OR receiver = %(receiver)s)
  AND received_at <= coalesce(%(before)s::timestamptz, 'infinity')
  AND (%(before)s::timestamptz IS NULL OR received_at < %(before)s OR id > %(past)s::uuid)
ORDER BY received_at DESC, id LIMIT %(most)s;

-- name: find_in_inbox
-- What came under a MsgId that begins with a text, or has our own id from `low` to `high`, newest first.
SELECT {inbox_columns}
FROM inbox_item WHERE owner = %(owner)s
  AND (id BETWEEN %(low)s AND %(high)s OR (msg_id ~>=~ %(text)s AND msg_id ~<~ (%(text)s::text || chr(1114111))))
ORDER BY received_at DESC, id LIMIT %(most)s;

-- name: open_task
-- Open a task, unless one with the same subject and cause is open. One about a pile then counts one more.
-- by: owner text, subject uuid, cause text, id uuid, text text, role text, opened_at timestamptz, due timestamptz,
-- by: done_at timestamptz, done_by text, outcome text, count integer, latest uuid
WITH asked AS (SELECT * FROM {pieces}),
opened AS (
    INSERT INTO task (id, owner, subject, cause, text, role, opened_at, due, done_at, done_by, outcome, count, latest)
    SELECT id, owner, subject, cause, text, role, opened_at, due, done_at, done_by, outcome, count, latest
    FROM asked ORDER BY n
    ON CONFLICT (owner, subject, cause) WHERE done_at IS NULL
    DO UPDATE SET count = task.count + 1, latest = excluded.latest WHERE excluded.latest IS NOT NULL
    RETURNING id)
SELECT n, true AS opened FROM asked JOIN opened USING (id);

-- name: close_task
-- Close one open task.
UPDATE task SET done_at = %(at)s, done_by = %(by)s, outcome = %(outcome)s
WHERE owner = %(owner)s AND id = %(id)s AND done_at IS NULL;

-- name: close_tasks_of
-- Close what is open on a subject that has come to rest; nobody did it, so nobody is named but the engine.
-- by: owner text, subject uuid, at timestamptz, outcome text
UPDATE task SET done_at = piece.at, done_by = 'motor', outcome = piece.outcome
FROM {pieces} WHERE task.owner = piece.owner AND task.subject = piece.subject AND task.done_at IS NULL
RETURNING piece.n;

-- name: task
-- One open task.
SELECT id, owner, subject, cause, text, role, opened_at, due, done_at, done_by, outcome, count, latest
FROM task WHERE owner = %(owner)s AND id = %(id)s AND done_at IS NULL;

-- name: list_tasks
-- A party's tasks, the most urgent first.
SELECT id, owner, subject, cause, text, role, opened_at, due, done_at, done_by, outcome, count, latest
FROM task WHERE owner = %(owner)s AND (done_at IS NULL OR NOT %(open_only)s)
ORDER BY due, opened_at, id LIMIT %(most)s;

-- name: find_tasks
-- A party's open tasks with an id from `low` to `high`.
SELECT id, owner, subject, cause, text, role, opened_at, due, done_at, done_by, outcome, count, latest
FROM task WHERE owner = %(owner)s AND id BETWEEN %(low)s AND %(high)s AND done_at IS NULL
ORDER BY due, opened_at, id LIMIT %(most)s;

-- name: next_event_ids
-- The numbers of the next events, in order; a row's hash covers its number, so it is taken before the row is written.
-- by: owner text
SELECT n, nextval('event_id') AS id FROM {pieces};

-- name: add_event
-- Append to the event log.
-- by: id bigint, owner text, at timestamptz, subject uuid, action text, actor text, data jsonb, mac bytea
INSERT INTO event (id, owner, at, subject, action, actor, data, mac)
SELECT id, owner, at, subject, action, actor, data, mac FROM {pieces};

-- name: timeline
-- The events of one mail or message, in the order they were numbered.
SELECT id, owner, at, subject, action, actor, data
FROM event WHERE owner = %(owner)s AND subject = %(subject)s ORDER BY id;

-- name: add_registry_version
-- Keep an imported version of the party register.
INSERT INTO registry_version (imported_at, imported_by, sha256, content)
VALUES (%(at)s, %(by)s, %(sha256)s, %(content)s)
RETURNING id;

-- name: registry_versions
-- Versions of the party register, newest first.
SELECT id, imported_at, imported_by, sha256, content FROM registry_version ORDER BY id DESC LIMIT %(most)s;
