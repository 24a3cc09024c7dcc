-- Mailboxes that mail is collected from. None of it belongs to a party; the role of the pages is granted nothing here.

-- Since when a mailbox could not be emptied; one that could has no row.
CREATE TABLE mailbox (
    name          text        PRIMARY KEY,
    failing_since timestamptz NOT NULL
);

-- Which mails of a mailbox are stored, written in the commit that stores them: after a crash they are only deleted.
CREATE TABLE mailbox_mail (
    mailbox    text        NOT NULL,
    validity   text        NOT NULL,
    uid        text        NOT NULL,
    inbound    uuid        NOT NULL,
    sha256     bytea       NOT NULL,
    size       bigint      NOT NULL,
    stored_at  timestamptz NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (mailbox, validity, uid)
);
CREATE INDEX mailbox_mail_waiting ON mailbox_mail (mailbox, sha256) WHERE deleted_at IS NULL;

ALTER TABLE mailbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE mailbox_mail ENABLE ROW LEVEL SECURITY;
