-- name: add_user
-- Keep a user; nothing comes back where the name is taken.
INSERT INTO web_user (name, owner, her, role, password, created_at)
VALUES (%(name)s, %(owner)s, %(her)s, %(role)s, %(password)s, %(at)s)
ON CONFLICT (name) DO NOTHING RETURNING name;

-- name: user
-- One user with the hash of the password.
SELECT name, owner, her, role, password, created_at FROM web_user WHERE name = %(name)s;

-- name: list_users
-- Every user, by name.
SELECT name, owner, her, role, password, created_at FROM web_user ORDER BY name;

-- name: remove_user
-- Take a user away, and with the row every session.
DELETE FROM web_user WHERE name = %(name)s;

-- name: add_session
-- Begin a session; the cookie itself is nowhere in the database.
INSERT INTO web_session (token, owner, name, created_at, seen_at, expires_at)
VALUES (%(token)s, %(owner)s, %(name)s, %(at)s, %(at)s, %(expires_at)s);

-- name: session
-- The user of a session that has neither ended nor been idle too long.
SELECT web_user.name, web_user.owner, her, role, password, web_user.created_at, seen_at
FROM web_session JOIN web_user USING (name)
WHERE token = %(token)s AND expires_at > %(now)s AND seen_at > %(idle_since)s;

-- name: see_session
-- Note that a session is in use.
UPDATE web_session SET seen_at = %(now)s WHERE token = %(token)s AND seen_at < %(now)s;

-- name: end_session
-- End one session.
DELETE FROM web_session WHERE token = %(token)s;

-- name: end_old_sessions
-- Clear away sessions that are over.
DELETE FROM web_session WHERE expires_at <= %(now)s OR seen_at <= %(idle_since)s;

-- name: count_attempt
-- Count one more attempt to log in by or from somebody; the count begins anew when its time is over.
INSERT INTO web_attempt (subject, first_at, number) VALUES (%(subject)s, %(now)s, 1)
ON CONFLICT (subject) DO UPDATE SET
    first_at = CASE WHEN web_attempt.first_at <= %(since)s THEN EXCLUDED.first_at ELSE web_attempt.first_at END,
    number = CASE WHEN web_attempt.first_at <= %(since)s THEN 1 ELSE web_attempt.number + 1 END
RETURNING number;

-- name: take_back_attempt
-- One attempt less from an address that many may share.
UPDATE web_attempt SET number = number - 1 WHERE subject = %(subject)s AND number > 0;

-- name: forget_attempt
-- Take back what was counted by somebody who then logged in.
DELETE FROM web_attempt WHERE subject = %(subject)s;

-- name: forget_old_attempts
-- Clear away counts whose time is over, so that strangers cannot fill the table.
DELETE FROM web_attempt WHERE first_at <= %(since)s;
