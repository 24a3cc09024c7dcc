-- name: next_case_number
-- The number of an enterprise's next case of a year; its row stays locked until the transaction ends, so none is lost.
INSERT INTO case_counter (owner, year, last) VALUES (%(owner)s, %(year)s, 1)
ON CONFLICT (owner, year) DO UPDATE SET last = case_counter.last + 1
RETURNING last AS number;

-- name: add_case
-- Open a case with its sealed content.
INSERT INTO case_file (
    id, owner, number, kind, reporting, ours, theirs, state, opened_at, deadline, leg, former, conversation, last,
    delivery, partner_number, start, due, reminder_at, reminded_at, answered_at, reason, confirmed_at,
    for_information, channel, written_by, content)
VALUES (
    %(id)s, %(owner)s, %(number)s, %(kind)s, %(reporting)s, %(ours)s, %(theirs)s, %(state)s, %(opened_at)s,
    %(deadline)s, %(leg)s, %(former)s, %(conversation)s, %(last)s, %(delivery)s, %(partner_number)s, %(start)s,
    %(due)s, %(reminder_at)s, %(reminded_at)s, %(answered_at)s, %(reason)s, %(confirmed_at)s, %(for_information)s,
    %(channel)s, %(written_by)s, %(content)s);

-- name: case
-- One case, locked.
SELECT id, owner, number, kind, reporting, ours, theirs, state, opened_at, deadline, leg, former, conversation, last,
       delivery, partner_number, start, due, reminder_at, reminded_at, answered_at, reason, confirmed_at,
       for_information, channel, written_by
FROM case_file WHERE owner = %(owner)s AND id = %(id)s FOR UPDATE;

-- name: case_content
-- The sealed content of a case.
SELECT content FROM case_file WHERE owner = %(owner)s AND id = %(id)s;

-- name: case_by_number
-- One case by its readable number or its own id, locked; the number, which is unique, goes first.
SELECT id, owner, number, kind, reporting, ours, theirs, state, opened_at, deadline, leg, former, conversation, last,
       delivery, partner_number, start, due, reminder_at, reminded_at, answered_at, reason, confirmed_at,
       for_information, channel, written_by
FROM case_file WHERE owner = %(owner)s AND (number = %(number)s OR id = %(id)s::uuid) FOR UPDATE;

-- name: case_by_conversation
-- A party's cases of one conversation, locked, oldest first.
SELECT id, owner, number, kind, reporting, ours, theirs, state, opened_at, deadline, leg, former, conversation, last,
       delivery, partner_number, start, due, reminder_at, reminded_at, answered_at, reason, confirmed_at,
       for_information, channel, written_by
FROM case_file WHERE owner = %(owner)s AND conversation = %(conversation)s ORDER BY opened_at, id FOR UPDATE;

-- name: case_by_delivery
-- The case whose deviation an outgoing message carried, locked.
SELECT id, owner, number, kind, reporting, ours, theirs, state, opened_at, deadline, leg, former, conversation, last,
       delivery, partner_number, start, due, reminder_at, reminded_at, answered_at, reason, confirmed_at,
       for_information, channel, written_by
FROM case_file WHERE owner = %(owner)s AND delivery = %(delivery)s FOR UPDATE;

-- name: settle_case
-- Everything but the identity of the case, guarded by the old state.
UPDATE case_file SET
    theirs = %(theirs)s, state = %(state)s, deadline = %(deadline)s, leg = %(leg)s, former = %(former)s,
    conversation = %(conversation)s, last = %(last)s, delivery = %(delivery)s, partner_number = %(partner_number)s,
    start = %(start)s, due = %(due)s, reminder_at = %(reminder_at)s, reminded_at = %(reminded_at)s,
    answered_at = %(answered_at)s, reason = %(reason)s, confirmed_at = %(confirmed_at)s,
    for_information = %(for_information)s, written_by = %(written_by)s
WHERE owner = %(owner)s AND id = %(id)s AND state = %(was)s;

-- name: keep_case_content
-- Replace the sealed content of a case.
UPDATE case_file SET content = %(content)s WHERE owner = %(owner)s AND id = %(id)s;

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
SELECT id, owner, number, kind, reporting, ours, theirs, state, opened_at, deadline, leg, former, conversation, last,
       delivery, partner_number, start, due, reminder_at, reminded_at, answered_at, reason, confirmed_at,
       for_information, channel, written_by
FROM case_file WHERE owner = %(owner)s
  AND id = (SELECT case_id FROM reminder WHERE owner = %(owner)s AND message = %(message)s LIMIT 1) FOR UPDATE;

-- name: list_cases
-- A party's cases, newest first; states and time narrow the list where they are given.
SELECT id, owner, number, kind, reporting, ours, theirs, state, opened_at, deadline, leg, former, conversation, last,
       delivery, partner_number, start, due, reminder_at, reminded_at, answered_at, reason, confirmed_at,
       for_information, channel, written_by
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
