-- By what the database knows its key ring: for each key a value that only that key can have sealed. A node whose ring
-- lacks one of these keys would store what nobody else can open, and could open nothing of what is there.
CREATE TABLE key_check (
    key_id text        PRIMARY KEY,
    sealed bytea       NOT NULL,
    at     timestamptz NOT NULL DEFAULT now()
);
