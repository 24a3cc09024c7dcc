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

-- name: hold_mailbox
-- Take or keep a mailbox for a while, on the database's clock, unless another node holds it.
INSERT INTO mailbox (name, holder, held_until)
VALUES (%(name)s, %(holder)s, clock_timestamp() + make_interval(secs => %(seconds)s))
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
WHERE mailbox.holder IS NULL OR mailbox.holder = excluded.holder OR mailbox.held_until < clock_timestamp()
RETURNING true AS held;

-- name: release_mailbox
-- Let the next node have it.
UPDATE mailbox SET holder = NULL, held_until = NULL WHERE name = %(name)s AND holder = %(holder)s;

-- name: mailbox_failed
-- Note since when a mailbox could not be emptied.
UPDATE mailbox SET failing_since = coalesce(failing_since, %(at)s) WHERE name = %(name)s RETURNING failing_since;

-- name: mailbox_emptied
-- Note that it could; says whether it could not before.
UPDATE mailbox SET failing_since = NULL WHERE name = %(name)s AND failing_since IS NOT NULL RETURNING true AS recovered;
