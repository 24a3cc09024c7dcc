-- The engine numbers events and seals from 1. Rows that are there already are left for `samvik log verify` to judge.

ALTER TABLE event ADD CONSTRAINT event_numbered CHECK (id > 0) NOT VALID;
ALTER TABLE seal ADD CONSTRAINT seal_numbered CHECK (id > 0) NOT VALID;

-- Where an anchor file was begun, and after which seal: one that is gone from there is missed, and never made anew unseen.
CREATE TABLE anchor_file (
    place      text        PRIMARY KEY,
    begun_at   timestamptz NOT NULL,
    after_seal bigint      NOT NULL
);
