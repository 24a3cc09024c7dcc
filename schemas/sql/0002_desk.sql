-- What outlives the messages (the ledger of claimed ids), the hot queue, and what people look at.

CREATE TABLE ledger (
    owner      text        NOT NULL,
    kind       text        NOT NULL,
    party      text        NOT NULL,
    id         text        NOT NULL,
    digest     bytea       NOT NULL,
    answer     uuid,
    claimed_at timestamptz NOT NULL,
    PRIMARY KEY (owner, kind, party, id),
    CONSTRAINT ledger_kind CHECK (kind IN ('ebxml', 'msgid'))
);
CREATE INDEX ledger_by_age ON ledger (claimed_at);

-- Refusals sent without a valid signature to answer to: one an id, a limited number an hour a party.
CREATE TABLE refusal (
    party      text        NOT NULL,
    message_id text        NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (party, message_id)
);
CREATE INDEX refusal_by_time ON refusal (party, at);

-- The owner is part of the key: what one owner queues can neither move nor hide what another has queued.
-- `again` says that the work was asked for once more while a node held it.
CREATE TABLE work (
    owner       text        NOT NULL,
    kind        text        NOT NULL,
    subject     uuid        NOT NULL,
    partner     text        NOT NULL,
    due         timestamptz NOT NULL,
    attempts    integer     NOT NULL DEFAULT 0,
    lease       uuid,
    lease_until timestamptz,
    again       boolean     NOT NULL DEFAULT false,
    PRIMARY KEY (owner, kind, subject),
    CONSTRAINT work_kind CHECK (kind IN ('motta', 'send', 'frist', 'innboks')),
    CONSTRAINT work_lease CHECK ((lease IS NULL) = (lease_until IS NULL))
);
CREATE INDEX work_free ON work (due) WHERE lease IS NULL;
CREATE INDEX work_held ON work (lease_until) WHERE lease IS NOT NULL;

CREATE TABLE inbox_item (
    id           uuid        PRIMARY KEY,
    owner        text        NOT NULL,
    receiver     text        NOT NULL,
    addressed_to text        NOT NULL,
    sender       text        NOT NULL,
    msg_id       text        NOT NULL,
    message_type text        NOT NULL,
    received_at  timestamptz NOT NULL,
    inbound      uuid        NOT NULL,
    conversation text,
    parent       text,
    note         text        NOT NULL,
    exported_at  timestamptz,
    document     bytea       NOT NULL
);
ALTER TABLE inbox_item ALTER COLUMN document SET STORAGE EXTERNAL;
CREATE INDEX inbox_item_newest ON inbox_item (owner, received_at DESC);
CREATE INDEX inbox_item_by_receiver ON inbox_item (owner, receiver, received_at DESC);

CREATE TABLE task (
    id        uuid        PRIMARY KEY,
    owner     text        NOT NULL,
    subject   uuid        NOT NULL,
    cause     text        NOT NULL,
    text      text        NOT NULL,
    role      text        NOT NULL,
    opened_at timestamptz NOT NULL,
    due       timestamptz NOT NULL,
    done_at   timestamptz,
    done_by   text        NOT NULL,
    outcome   text        NOT NULL
);
CREATE UNIQUE INDEX task_one_open ON task (owner, subject, cause) WHERE done_at IS NULL;
CREATE INDEX task_urgent ON task (owner, due) WHERE done_at IS NULL;
CREATE INDEX task_all ON task (owner, due);

CREATE TABLE registry_version (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    imported_at timestamptz NOT NULL,
    imported_by text        NOT NULL,
    sha256      bytea       NOT NULL,
    content     text        NOT NULL
);
