-- Who may log in to the pages, and the second fence around what the pages read.

CREATE TABLE web_user (
    name       text        PRIMARY KEY,
    owner      text        NOT NULL,
    her        text        NOT NULL,
    role       text        NOT NULL,
    password   text        NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT web_user_role CHECK (role IN ('melder', 'kvalitetssikrer', 'saksbehandler', 'sekretariat', 'drift'))
);

-- token: SHA-256 of what the cookie holds, so that nobody who reads the table can take a session over.
CREATE TABLE web_session (
    token      bytea       PRIMARY KEY,
    owner      text        NOT NULL,
    name       text        NOT NULL REFERENCES web_user ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX web_session_by_name ON web_session (name);

-- subject: a digest of the name that was tried, or of the address that it came from. People type passwords as names.
CREATE TABLE web_attempt (
    subject  bytea       PRIMARY KEY,
    first_at timestamptz NOT NULL,
    number   integer     NOT NULL
);
CREATE INDEX web_attempt_by_age ON web_attempt (first_at);

-- Whoever is not the engine itself, which owns the tables, sees the rows of the owner that its transaction names and
-- no others. The role that pages read as (samvik_web) is made when a node starts, for a restored database needs it
-- too; the policies are for everybody, so that a role that is added by hand is inside the fence from the start.
ALTER TABLE inbound ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbound ENABLE ROW LEVEL SECURITY;
ALTER TABLE event ENABLE ROW LEVEL SECURITY;
ALTER TABLE task ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_file ENABLE ROW LEVEL SECURITY;
ALTER TABLE inbox_item ENABLE ROW LEVEL SECURITY;
ALTER TABLE reminder ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger ENABLE ROW LEVEL SECURITY;
ALTER TABLE work ENABLE ROW LEVEL SECURITY;
ALTER TABLE web_user ENABLE ROW LEVEL SECURITY;
ALTER TABLE web_session ENABLE ROW LEVEL SECURITY;

CREATE POLICY own_rows ON inbound FOR SELECT USING (owner = current_setting('samvik.owner', true));
CREATE POLICY own_rows ON outbound FOR SELECT USING (owner = current_setting('samvik.owner', true));
CREATE POLICY own_rows ON event FOR SELECT USING (owner = current_setting('samvik.owner', true));
CREATE POLICY own_rows ON task FOR SELECT USING (owner = current_setting('samvik.owner', true));
CREATE POLICY own_rows ON case_file FOR SELECT USING (owner = current_setting('samvik.owner', true));
CREATE POLICY own_rows ON inbox_item FOR SELECT USING (owner = current_setting('samvik.owner', true));
