-- Sending is shared out among partners: the queue is walked by partner, never past all that waits for one of them.
CREATE INDEX work_by_partner ON work (kind, partner, due, subject) WHERE lease IS NULL;

-- Troubles with partners, one row for a partner and a cause ('' is our own way out); LUKKET rows are used again.
CREATE TABLE alarm (
    id       uuid        PRIMARY KEY,
    owner    text        NOT NULL,
    partner  text        NOT NULL,
    cause    text        NOT NULL,
    state    text        NOT NULL,
    count    integer     NOT NULL,
    first_at timestamptz NOT NULL,
    last_at  timestamptz NOT NULL,
    told_at  timestamptz,
    CONSTRAINT alarm_one UNIQUE (owner, partner, cause)
);
CREATE INDEX alarm_on ON alarm (owner, first_at) WHERE state <> 'LUKKET';

ALTER TABLE alarm ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON alarm FOR SELECT USING (owner = current_setting('samvik.owner', true));
