-- Record systems that ask over HTTP. Only the engine reads these: the role of the pages is granted nothing here.

-- token: SHA-256 of the bearer token, so that nobody who reads the table can ask in a client's name.
-- webhook: address and signing secret, encrypted, for notices are signed with it.
CREATE TABLE client (
    id         uuid        PRIMARY KEY,
    owner      text        NOT NULL,
    name       text        NOT NULL,
    her        text        NOT NULL,
    token      bytea       NOT NULL UNIQUE,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    webhook    bytea
);
CREATE UNIQUE INDEX client_name ON client (name) WHERE revoked_at IS NULL;
CREATE INDEX client_by_party ON client (owner, her) WHERE revoked_at IS NULL;
ALTER TABLE client ENABLE ROW LEVEL SECURITY;

-- What a client is still to be told of; a row goes when it has been. Its id is the same over all tries.
CREATE TABLE notice (
    id         uuid        PRIMARY KEY,
    owner      text        NOT NULL,
    client     uuid        NOT NULL REFERENCES client,
    item       uuid        NOT NULL,
    created_at timestamptz NOT NULL
);
ALTER TABLE notice ENABLE ROW LEVEL SECURITY;

ALTER TABLE inbox_item ADD COLUMN taken_at timestamptz, ADD COLUMN taken_by text NOT NULL DEFAULT '';
CREATE INDEX inbox_item_untaken ON inbox_item (owner, receiver, received_at, id) WHERE taken_at IS NULL;

ALTER TABLE work DROP CONSTRAINT work_kind;
ALTER TABLE work ADD CONSTRAINT work_kind CHECK (kind IN ('motta', 'send', 'frist', 'innboks', 'sak', 'varsel'));
