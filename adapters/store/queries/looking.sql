-- name: raise_fence
-- The role that pages read as, with the columns that pages show: no raw mail, no document, no content of a case.
DO $$
BEGIN
    PERFORM pg_advisory_xact_lock(7230941654);
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'samvik_web') THEN
            CREATE ROLE samvik_web NOLOGIN;
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN NULL;
    END;
    BEGIN
        IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
            EXECUTE format('GRANT samvik_web TO %I', current_user);
        END IF;
    EXCEPTION WHEN undefined_object OR insufficient_privilege THEN NULL;
    END;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'samvik_web') THEN
        GRANT SELECT (id, owner, received_at, state, deadline, peer, size, sha256, mail_id, kind, message_id,
            conversation_id, ref_to, cpa_id, from_her, to_her, service, action, msg_id, apprec, reason, pile, verified,
            reduced_at) ON inbound TO samvik_web;
        GRANT SELECT (id, owner, created_at, kind, state, deadline, message_id, conversation_id, ref_to, cpa_id,
            from_her, to_her, service, action, to_address, from_address, reference_digests, resend_interval,
            resend_limit, apprec_deadline, attempts, sent_at, msg_id, answers, receiver_her, sender_her, reason,
            partner_word) ON outbound TO samvik_web;
        GRANT SELECT (id, owner, number, kind, reporting, ours, theirs, state, opened_at, deadline, leg, former,
            conversation, last, delivery, partner_number, start, due, reminder_at, reminded_at, answered_at, reason, confirmed_at,
            for_information, channel, written_by)
            ON case_file TO samvik_web;
        GRANT SELECT ON task, alarm TO samvik_web;
        GRANT SELECT (id, owner, inbound, conversation, msg_id) ON inbox_item TO samvik_web;
        GRANT SELECT (id, owner, at, subject, action, actor, data) ON event TO samvik_web;
    END IF;
END $$;

-- name: begin_looking
-- A page is one picture of one moment, and changes nothing.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;

-- name: look_as
-- Until the transaction ends: another role, one owner, and little time.
SELECT set_config('samvik.owner', %(owner)s, true), set_config('role', 'samvik_web', true),
       set_config('statement_timeout', '10s', true);

-- name: count_messages
-- How many of a party's messages stand in each of some states, both directions.
SELECT state, count(*) AS number FROM inbound WHERE owner = %(owner)s AND state = ANY(%(states)s) GROUP BY state
UNION ALL
SELECT state, count(*) AS number FROM outbound WHERE owner = %(owner)s AND state = ANY(%(states)s) GROUP BY state;

-- name: count_open_tasks
-- How many of a party's tasks are open.
SELECT count(*) AS number FROM task WHERE owner = %(owner)s AND done_at IS NULL;

-- name: count_late_cases
-- How many of a party's cases in some states are past their answer date.
SELECT count(*) AS number FROM case_file
WHERE owner = %(owner)s AND state = ANY(%(states)s) AND due < %(today)s;

-- name: pressing_inbound
-- Mails in a state that alarms, or past the deadline of an open one, the longest overdue first.
SELECT {inbound_columns}
FROM inbound WHERE owner = %(owner)s AND state = ANY(%(waiting)s)
  AND (state = ANY(%(alarming)s) OR deadline <= %(now)s)
ORDER BY deadline, id LIMIT %(most)s;

-- name: pressing_outbound
-- Messages in a state that alarms, or past the deadline of an open one, the longest overdue first.
SELECT {outbound_columns}
FROM outbound WHERE owner = %(owner)s AND state = ANY(%(waiting)s)
  AND (state = ANY(%(alarming)s) OR deadline <= %(now)s)
ORDER BY deadline, id LIMIT %(most)s;

-- name: late_cases
-- Cases past their answer date in states that wait for an answer, or past the deadline of any state, oldest first.
SELECT id, owner, number, kind, reporting, ours, theirs, state, opened_at, deadline, leg, former, conversation, last,
       delivery, partner_number, start, due, reminder_at, reminded_at, answered_at, reason, confirmed_at,
       for_information, channel, written_by
FROM case_file WHERE owner = %(owner)s AND (deadline <= %(now)s OR state = ANY(%(states)s) AND due < %(today)s)
ORDER BY coalesce(due, deadline::date), id LIMIT %(most)s;

-- name: find_cases
-- A party's cases by number, the partner's number, the MsgId of a message in their thread, or our own id.
SELECT id, owner, number, kind, reporting, ours, theirs, state, opened_at, deadline, leg, former, conversation, last,
       delivery, partner_number, start, due, reminder_at, reminded_at, answered_at, reason, confirmed_at,
       for_information, channel, written_by
FROM case_file WHERE owner = %(owner)s
  AND (id BETWEEN %(low)s AND %(high)s OR upper(number) = upper(%(text)s) OR partner_number = %(text)s
       OR conversation = %(text)s OR last = %(text)s)
ORDER BY opened_at DESC, id LIMIT %(most)s;

-- name: cases_among
-- Which of some ids are a party's cases, with their numbers.
SELECT id, number FROM case_file WHERE owner = %(owner)s AND id = ANY(%(ids)s);

-- name: cases_of_messages
-- A party's cases that some messages belong to: in their thread, or named by an event of the case.
SELECT id, number FROM case_file
WHERE owner = %(owner)s AND (
    conversation = ANY(%(msg_ids)s) OR last = ANY(%(msg_ids)s) OR delivery = ANY(%(ids)s)
    OR conversation IN (SELECT conversation FROM inbox_item WHERE owner = %(owner)s AND inbound = ANY(%(ids)s)))
ORDER BY opened_at, id;

-- name: thread_inbound
-- What came in a case's conversation: its first message where the other side began it, and every later one.
SELECT {inbound_columns}
FROM inbound WHERE owner = %(owner)s AND kind = 'melding' AND (id = ANY(%(ids)s) OR id IN (
    SELECT inbound FROM inbox_item
    WHERE owner = %(owner)s AND (conversation = %(conversation)s OR msg_id = %(conversation)s)))
ORDER BY received_at, id;

-- name: thread_outbound
-- Messages that a case has sent: those that its events name, and the first of its conversation.
SELECT {outbound_columns}
FROM outbound WHERE owner = %(owner)s AND kind = 'melding' AND (id = ANY(%(ids)s) OR msg_id = %(conversation)s)
ORDER BY created_at, id;

-- name: tasks_about
-- A party's open tasks about one message or case, or about the pile that it lies in, the most urgent first.
SELECT id, owner, subject, cause, text, role, opened_at, due, done_at, done_by, outcome, count, latest
FROM task WHERE owner = %(owner)s AND subject = ANY(%(subjects)s) AND done_at IS NULL
ORDER BY due, opened_at, id;

-- name: word_of_partner
-- What a partner wrote about our message, sealed.
SELECT partner_word FROM outbound WHERE owner = %(owner)s AND id = %(id)s;

-- name: inbound_among
-- A party's mails among some ids.
SELECT {inbound_columns}
FROM inbound WHERE owner = %(owner)s AND id = ANY(%(ids)s);

-- name: outbound_among
-- A party's outgoing messages among some ids.
SELECT {outbound_columns}
FROM outbound WHERE owner = %(owner)s AND id = ANY(%(ids)s);
