-- name: add_client
-- Keep a client; nothing comes back where an active one has its name.
INSERT INTO client (id, owner, name, her, token, created_at)
VALUES (%(id)s, %(owner)s, %(name)s, %(her)s, %(token)s, %(created_at)s)
ON CONFLICT (name) WHERE revoked_at IS NULL DO NOTHING RETURNING id;

-- name: client
-- One client, revoked or not.
SELECT id, owner, name, her, token, created_at, revoked_at, webhook FROM client
WHERE owner = %(owner)s AND id = %(id)s FOR UPDATE;

-- name: client_named
-- The active client of a name.
SELECT id, owner, name, her, token, created_at, revoked_at, webhook FROM client
WHERE name = %(name)s AND revoked_at IS NULL FOR UPDATE;

-- name: client_of_token
-- The active client of a token, by its digest.
SELECT id, owner, name, her, token, created_at, revoked_at, webhook FROM client
WHERE token = %(token)s AND revoked_at IS NULL;

-- name: list_clients
-- Every client there ever was.
SELECT id, owner, name, her, token, created_at, revoked_at, webhook FROM client ORDER BY name, created_at DESC, id;

-- name: settle_client
-- What can change of a client.
UPDATE client SET revoked_at = %(revoked_at)s, webhook = %(webhook)s WHERE owner = %(owner)s AND id = %(id)s;

-- name: clients_to_tell
-- Who of a party wants to hear of documents.
-- by: owner text, her text
SELECT n, client.id FROM {pieces} JOIN client ON client.owner = piece.owner AND client.her = piece.her
WHERE client.revoked_at IS NULL AND client.webhook IS NOT NULL ORDER BY n, client.name;

-- name: add_notice
-- Remember that a client is to be told of a document.
-- by: id uuid, owner text, client uuid, item uuid, created_at timestamptz
INSERT INTO notice (id, owner, client, item, created_at)
SELECT id, owner, client, item, created_at FROM {pieces};

-- name: notice
-- One notice.
SELECT id, owner, client, item, created_at FROM notice WHERE owner = %(owner)s AND id = %(id)s;

-- name: drop_notice
-- A notice that was given, or is no longer wanted.
DELETE FROM notice WHERE owner = %(owner)s AND id = %(id)s;
