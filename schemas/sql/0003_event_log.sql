-- The event log, its seals, and the record of months that retention has dropped.

CREATE SEQUENCE event_id;

-- mac: the row's own hash under the log key, so that a row written by anything but the engine shows at once.
CREATE TABLE event (
    id      bigint      NOT NULL,
    owner   text        NOT NULL,
    at      timestamptz NOT NULL,
    subject uuid        NOT NULL,
    action  text        NOT NULL,
    actor   text        NOT NULL,
    data    jsonb       NOT NULL,
    mac     bytea       NOT NULL,
    seal    bigint,
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE INDEX event_by_subject ON event (owner, subject, id);
CREATE INDEX event_by_id ON event (id);
CREATE INDEX event_by_seal ON event (seal);
CREATE INDEX event_unsealed ON event (id) WHERE seal IS NULL;
CREATE TABLE event_default PARTITION OF event DEFAULT;

-- Never partitioned: seals outlive the rows that they seal. The arrays run in step, in id order.
CREATE TABLE seal (
    id       bigint      PRIMARY KEY,
    made_at  timestamptz NOT NULL,
    events   bigint[]    NOT NULL,
    times    timestamptz[] NOT NULL,
    hashes   bytea[]     NOT NULL,
    previous bytea       NOT NULL,
    hash     bytea       NOT NULL
);

-- A month of a table that retention has dropped, from first_at until before_at. mac: under the log key.
CREATE TABLE dropped_month (
    parent     text        NOT NULL,
    first_at   timestamptz NOT NULL,
    before_at  timestamptz NOT NULL,
    dropped_at timestamptz NOT NULL,
    mac        bytea       NOT NULL,
    PRIMARY KEY (parent, first_at)
);
