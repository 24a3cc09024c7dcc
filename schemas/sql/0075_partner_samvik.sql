-- Which parties have sent us what only Samvik writes, in a verified message: they need no PDF, and unpack gzip.

CREATE TABLE partner_samvik (
    owner    text        NOT NULL,
    partner  text        NOT NULL,
    shown_at timestamptz NOT NULL,
    PRIMARY KEY (owner, partner)
);
ALTER TABLE partner_samvik ENABLE ROW LEVEL SECURITY;
