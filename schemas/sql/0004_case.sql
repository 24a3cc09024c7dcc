-- Deviation cases, as one side keeps each, and the ledger of reminders that lets one leave a leg and no more.

ALTER TABLE work DROP CONSTRAINT work_kind;
ALTER TABLE work ADD CONSTRAINT work_kind CHECK (kind IN ('motta', 'send', 'frist', 'innboks', 'sak'));

CREATE SEQUENCE case_number;

CREATE TABLE case_file (
    id             uuid        PRIMARY KEY,
    owner          text        NOT NULL,
    number         text        NOT NULL,
    kind           text        NOT NULL,
    reporting      boolean     NOT NULL,
    ours           text        NOT NULL,
    theirs         text        NOT NULL,
    state          text        NOT NULL,
    opened_at      timestamptz NOT NULL,
    deadline       timestamptz,
    leg            integer     NOT NULL,
    former         text,
    conversation   text,
    last           text,
    delivery       uuid,
    partner_number text        NOT NULL,
    start          date,
    due            date,
    reminder_at    timestamptz,
    reminded_at    timestamptz,
    answered_at    timestamptz,
    reason         bytea       NOT NULL,
    content        bytea       NOT NULL,
    CONSTRAINT case_state CHECK (state IN (
        'KLADD', 'TIL_KVALITETSSIKRING', 'RETURNERT', 'GODKJENT', 'SENDES', 'LEVERT', 'UNDER_BEHANDLING', 'PURRET',
        'OVER_FRIST', 'SVAR_IKKE_VURDERT', 'BESVART', 'ORIENTERT', 'FEILADRESSERT', 'TIL_VURDERING', 'LUKKET',
        'TRUKKET', 'FORKASTET')),
    CONSTRAINT case_open_has_deadline CHECK (state IN ('LUKKET', 'TRUKKET', 'FORKASTET') OR deadline IS NOT NULL),
    UNIQUE (owner, number)
);
ALTER TABLE case_file ALTER COLUMN content SET STORAGE EXTERNAL;
CREATE INDEX case_file_newest ON case_file (owner, opened_at DESC);
CREATE INDEX case_file_by_state ON case_file (owner, state, deadline);
CREATE INDEX case_file_by_conversation ON case_file (owner, conversation) WHERE conversation IS NOT NULL;
CREATE INDEX case_file_by_delivery ON case_file (owner, delivery) WHERE delivery IS NOT NULL;

CREATE TABLE reminder (
    owner   text        NOT NULL,
    case_id uuid        NOT NULL,
    leg     integer     NOT NULL,
    at      timestamptz NOT NULL,
    PRIMARY KEY (owner, case_id, leg)
);
