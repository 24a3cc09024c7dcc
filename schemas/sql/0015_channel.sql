-- Cases that came by another channel than messages, what came with them, and the answers that go back the same way.

-- '' for a case of messages.
ALTER TABLE case_file ADD COLUMN channel text NOT NULL DEFAULT '';
ALTER TABLE case_file ADD CONSTRAINT case_channel CHECK (channel IN ('', 'post', 'phone', 'form', 'edialog'));

-- What a folder of shipments has brought: its id opens one case, however often it is found. metadata is what came.
CREATE TABLE shipment (
    owner    text        NOT NULL,
    source   text        NOT NULL,
    id       text        NOT NULL,
    case_id  uuid        NOT NULL,
    sha256   bytea       NOT NULL,
    taken_at timestamptz NOT NULL,
    metadata bytea       NOT NULL,
    PRIMARY KEY (owner, source, id)
);
CREATE INDEX shipment_by_case ON shipment (owner, case_id);
ALTER TABLE shipment ENABLE ROW LEVEL SECURITY;

-- Answers that never go by mail. source and shipment: '' but for an answer to a shipment.
CREATE TABLE letter (
    id           uuid        PRIMARY KEY,
    owner        text        NOT NULL,
    case_id      uuid        NOT NULL,
    channel      text        NOT NULL,
    source       text        NOT NULL,
    shipment     text        NOT NULL,
    made_at      timestamptz NOT NULL,
    exported_at  timestamptz,
    delivered_on date,
    pdf          bytea       NOT NULL
);
ALTER TABLE letter ALTER COLUMN pdf SET STORAGE EXTERNAL;
CREATE INDEX letter_by_case ON letter (owner, case_id);
ALTER TABLE letter ENABLE ROW LEVEL SECURITY;

ALTER TABLE work DROP CONSTRAINT work_kind;
ALTER TABLE work ADD CONSTRAINT work_kind CHECK (
    kind IN ('motta', 'send', 'frist', 'innboks', 'sak', 'varsel', 'brev'));
