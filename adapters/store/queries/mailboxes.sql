-- name: claim_collected
-- The primary key decides who was first; a rival that has not committed yet is waited for.
INSERT INTO mailbox_mail (mailbox, validity, uid, inbound, sha256, size, stored_at)
VALUES (%(mailbox)s, %(validity)s, %(uid)s, %(inbound)s, %(sha256)s, %(size)s, %(stored_at)s)
ON CONFLICT DO NOTHING
RETURNING true AS claimed;

-- name: collected
-- What stands under a key, locked.
SELECT mailbox, validity, uid, inbound, sha256, size, stored_at FROM mailbox_mail
WHERE mailbox = %(mailbox)s AND validity = %(validity)s AND uid = %(uid)s
FOR UPDATE;

-- name: replace_collected
-- Another mail has come under the same key.
UPDATE mailbox_mail
SET inbound = %(inbound)s, sha256 = %(sha256)s, size = %(size)s, stored_at = %(stored_at)s, deleted_at = NULL
WHERE mailbox = %(mailbox)s AND validity = %(validity)s AND uid = %(uid)s;

-- name: renumbered
-- One stored mail of the same content that waits for its delete under another UIDVALIDITY, and waits no more.
UPDATE mailbox_mail SET deleted_at = %(stored_at)s
WHERE (mailbox, validity, uid) IN (
    SELECT mailbox, validity, uid FROM mailbox_mail
    WHERE mailbox = %(mailbox)s AND sha256 = %(sha256)s AND size = %(size)s AND validity <> %(validity)s
      AND deleted_at IS NULL
    ORDER BY stored_at, uid LIMIT 1 FOR UPDATE)
RETURNING inbound;

-- name: waiting_for_delete
-- What is stored and not known to be gone from the mailbox.
SELECT uid FROM mailbox_mail
WHERE mailbox = %(mailbox)s AND validity = %(validity)s AND deleted_at IS NULL ORDER BY uid;

-- name: mark_deleted
-- These are gone from the mailbox.
UPDATE mailbox_mail SET deleted_at = %(at)s
WHERE mailbox = %(mailbox)s AND validity = %(validity)s AND uid = ANY(%(uids)s) AND deleted_at IS NULL;

-- name: holding_settings
-- A node that hangs loses its hold: the server ends a session that says nothing for so long.
SELECT set_config('idle_session_timeout', %(milliseconds)s::text, false);

-- name: hold_mailbox
-- Held by this session until it ends, so that one node at a time empties a mailbox.
SELECT pg_try_advisory_lock(hashtextextended('mailbox ' || %(name)s::text, 0)) AS held;

-- name: mailbox_failed
-- Note since when a mailbox could not be emptied.
INSERT INTO mailbox (name, failing_since) VALUES (%(name)s, %(at)s)
ON CONFLICT (name) DO UPDATE SET failing_since = mailbox.failing_since
RETURNING failing_since;

-- name: mailbox_emptied
-- Note that it could; says whether it could not before.
DELETE FROM mailbox WHERE name = %(name)s RETURNING true AS recovered;
