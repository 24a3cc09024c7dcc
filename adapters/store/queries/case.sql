-- fragment: case_columns
-- What a row of the table is read by, without its content.
id, owner, number, kind, reporting, ours, theirs, state, opened_at, deadline, leg, former, conversation, last,
delivery, partner_number, start, due, reminder_at, reminded_at, answered_at, reason, confirmed_at, for_information,
channel, written_by

-- name: next_case_number
-- The number of an enterprise's next case of a year; its row stays locked until the transaction ends, so none is lost.
-- by: owner text, year integer
WITH asked AS (SELECT * FROM {pieces}),
counted AS (
    INSERT INTO case_counter (owner, year, last)
    SELECT owner, year, count(*) FROM asked GROUP BY owner, year ORDER BY owner, year
    ON CONFLICT (owner, year) DO UPDATE SET last = case_counter.last + EXCLUDED.last
    RETURNING owner, year, last)
SELECT n, last + 1 - row_number() OVER (PARTITION BY owner, year ORDER BY n DESC) AS number
FROM asked JOIN counted USING (owner, year);

-- name: add_case
-- Open a case with its sealed content.
-- by: id uuid, owner text, number text, kind text, reporting boolean, ours text, theirs text, state text,
-- by: opened_at timestamptz, deadline timestamptz, leg integer, former text, conversation text, last text,
-- by: delivery uuid, partner_number text, start date, due date, reminder_at timestamptz, reminded_at timestamptz,
-- by: answered_at timestamptz, reason bytea, confirmed_at timestamptz, for_information boolean, channel text,
-- by: written_by jsonb, content bytea
INSERT INTO case_file (
    id, owner, number, kind, reporting, ours, theirs, state, opened_at, deadline, leg, former, conversation, last,
    delivery, partner_number, start, due, reminder_at, reminded_at, answered_at, reason, confirmed_at,
    for_information, channel, written_by, content)
SELECT
    id, owner, number, kind, reporting, ours, theirs, state, opened_at, deadline, leg, former, conversation, last,
    delivery, partner_number, start, due, reminder_at, reminded_at, answered_at, reason, confirmed_at,
    for_information, channel, ARRAY(SELECT jsonb_array_elements_text(written_by)), content
FROM {pieces};

-- name: case
-- One case, locked.
SELECT {case_columns}
FROM case_file WHERE owner = %(owner)s AND id = %(id)s FOR UPDATE;

-- name: case_content
-- The sealed content of a case.
SELECT content FROM case_file WHERE owner = %(owner)s AND id = %(id)s;

-- name: case_by_number
-- One case by its readable number or its own id, locked; the number, which is unique, goes first.
SELECT {case_columns}
FROM case_file WHERE owner = %(owner)s AND (number = %(number)s OR id = %(id)s::uuid) FOR UPDATE;

-- name: case_by_conversation
-- A party's cases of one conversation, locked, oldest first.
-- by: owner text, conversation text
SELECT n, found.* FROM {pieces} CROSS JOIN LATERAL (
    SELECT {case_columns}
    FROM case_file WHERE case_file.owner = piece.owner AND case_file.conversation = piece.conversation
    ORDER BY opened_at, id FOR UPDATE) AS found;

-- name: case_by_delivery
-- The case whose deviation an outgoing message carried, locked.
-- by: owner text, delivery uuid
SELECT n, found.* FROM {pieces} CROSS JOIN LATERAL (
    SELECT {case_columns}
    FROM case_file WHERE case_file.owner = piece.owner AND case_file.delivery = piece.delivery FOR UPDATE) AS found;

-- name: settle_case
-- Everything but the identity of the case, guarded by the old state.
-- by: owner text, id uuid, theirs text, state text, deadline timestamptz, leg integer, former text,
-- by: conversation text, last text, delivery uuid, partner_number text, start date, due date,
-- by: reminder_at timestamptz, reminded_at timestamptz, answered_at timestamptz, reason bytea,
-- by: confirmed_at timestamptz, for_information boolean, written_by jsonb, was text
UPDATE case_file SET
    theirs = piece.theirs, state = piece.state, deadline = piece.deadline, leg = piece.leg, former = piece.former,
    conversation = piece.conversation, last = piece.last, delivery = piece.delivery,
    partner_number = piece.partner_number, start = piece.start, due = piece.due, reminder_at = piece.reminder_at,
    reminded_at = piece.reminded_at, answered_at = piece.answered_at, reason = piece.reason,
    confirmed_at = piece.confirmed_at, for_information = piece.for_information,
    written_by = ARRAY(SELECT jsonb_array_elements_text(piece.written_by))
FROM {pieces}
WHERE case_file.owner = piece.owner AND case_file.id = piece.id AND case_file.state = piece.was
RETURNING piece.n;

-- name: keep_case_content
-- Replace the sealed content of a case.
-- by: owner text, id uuid, content bytea
UPDATE case_file SET content = piece.content
FROM {pieces} WHERE case_file.owner = piece.owner AND case_file.id = piece.id
RETURNING piece.n;

-- name: claim_reminder
-- Take the one reminder of a leg; nothing comes back where it was taken before, and not called back since.
INSERT INTO reminder (owner, case_id, leg, at, message)
VALUES (%(owner)s, %(case_id)s, %(leg)s, %(at)s, %(message)s)
ON CONFLICT (owner, case_id, leg) DO UPDATE SET at = %(at)s, message = %(message)s, called_back = false
WHERE reminder.called_back RETURNING true AS claimed;

-- name: reminder_of
-- The message that reminds of a leg.
SELECT message FROM reminder
WHERE owner = %(owner)s AND case_id = %(case_id)s AND leg = %(leg)s AND NOT called_back;

-- name: recall_reminder
-- The reminder of a leg never left: another may be claimed.
UPDATE reminder SET called_back = true WHERE owner = %(owner)s AND case_id = %(case_id)s AND leg = %(leg)s;

-- name: case_of_reminder
-- The case that an outgoing message reminds of, locked.
-- by: owner text, message uuid
SELECT n, found.* FROM {pieces} CROSS JOIN LATERAL (
    SELECT {case_columns}
    FROM case_file WHERE case_file.owner = piece.owner AND case_file.id = (
        SELECT case_id FROM reminder WHERE reminder.owner = piece.owner AND reminder.message = piece.message LIMIT 1)
    FOR UPDATE) AS found;

-- name: list_cases
-- A party's cases, newest first; states and time narrow the list where they are given.
SELECT {case_columns}
FROM case_file WHERE owner = %(owner)s AND (%(states)s::text[] IS NULL OR state = ANY(%(states)s))
  AND opened_at <= coalesce(%(before)s::timestamptz, 'infinity')
  AND (%(before)s::timestamptz IS NULL OR opened_at < %(before)s OR id > %(past)s::uuid)
ORDER BY opened_at DESC, id LIMIT %(most)s;

-- name: add_case_file
-- Keep one sealed file of a case of this owner.
INSERT INTO case_attachment (owner, case_id, number, mime_type, name, content)
SELECT owner, id, %(number)s, %(mime_type)s, %(name)s, %(content)s
FROM case_file WHERE owner = %(owner)s AND id = %(id)s;

-- name: case_files
-- The sealed files of a case, in the order that they were given.
SELECT number, mime_type, name, content FROM case_attachment
WHERE owner = %(owner)s AND case_id = %(id)s ORDER BY number;

-- name: skip_case_numbers
-- Count some numbers as used. Without a row no case of that year was in the backup; its numbers may have been given.
INSERT INTO case_counter (owner, year, last) VALUES (%(owner)s, %(year)s, %(count)s)
ON CONFLICT (owner, year) DO UPDATE SET last = case_counter.last + EXCLUDED.last;
