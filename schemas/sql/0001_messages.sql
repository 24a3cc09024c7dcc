-- Mail that came in and messages that go out, by month, so that retention gives the disk back by dropping months.
-- What is encrypted at rest is bytea and named raw, mime or document; it does not compress, so it is stored as is.

CREATE TABLE inbound (
    id              uuid        NOT NULL,
    owner           text        NOT NULL,
    received_at     timestamptz NOT NULL,
    state           text        NOT NULL,
    deadline        timestamptz,
    peer            text        NOT NULL,
    size            bigint      NOT NULL,
    sha256          bytea       NOT NULL,
    mail_id         text        NOT NULL,
    kind            text,
    message_id      text,
    conversation_id text,
    ref_to          text,
    cpa_id          text,
    from_her        text,
    to_her          text,
    service         text,
    action          text,
    msg_id          text,
    apprec          text        NOT NULL,
    reason          text        NOT NULL,
    raw             bytea       NOT NULL,
    PRIMARY KEY (id, received_at),
    CONSTRAINT inbound_state CHECK (state IN (
        'MOTTATT', 'VENTER', 'KARANTENE', 'FORKASTET', 'AVVIST_TRANSPORT', 'DUPLIKAT', 'KORRELERT', 'UKORRELERT',
        'AVVIST_APP', 'DUPLIKAT_FAG', 'RUTET', 'LEVERT_INTERNT', 'LEST', 'RETURNERT')),
    CONSTRAINT inbound_kind CHECK (kind IN ('melding', 'apprec', 'kvittering', 'feil')),
    CONSTRAINT inbound_apprec CHECK (apprec IN (
        'INGEN', 'VENTER_EPJ', 'SENDT_OK', 'SENDT_FEIL_I_DEL', 'SENDT_AVVIST'))
) PARTITION BY RANGE (received_at);

ALTER TABLE inbound ALTER COLUMN raw SET STORAGE EXTERNAL;
CREATE INDEX inbound_newest ON inbound (owner, received_at DESC);
CREATE INDEX inbound_by_state ON inbound (owner, state, received_at DESC);
CREATE INDEX inbound_by_message_id ON inbound (owner, message_id) WHERE message_id IS NOT NULL;
CREATE INDEX inbound_by_conversation_id ON inbound (owner, conversation_id) WHERE conversation_id IS NOT NULL;
CREATE INDEX inbound_by_ref_to ON inbound (owner, ref_to) WHERE ref_to IS NOT NULL;
CREATE INDEX inbound_by_msg_id ON inbound (owner, msg_id) WHERE msg_id IS NOT NULL;
CREATE TABLE inbound_default PARTITION OF inbound DEFAULT;

CREATE TABLE outbound (
    id                uuid        NOT NULL,
    owner             text        NOT NULL,
    created_at        timestamptz NOT NULL,
    kind              text        NOT NULL,
    state             text        NOT NULL,
    deadline          timestamptz,
    message_id        text,
    conversation_id   text,
    ref_to            text,
    cpa_id            text,
    from_her          text,
    to_her            text,
    service           text,
    action            text,
    to_address        text        NOT NULL,
    from_address      text        NOT NULL,
    reference_digests jsonb       NOT NULL,
    resend_interval   integer     NOT NULL,
    resend_limit      integer     NOT NULL,
    apprec_deadline   integer     NOT NULL,
    attempts          integer     NOT NULL,
    sent_at           timestamptz,
    msg_id            text,
    answers           uuid,
    receiver_her      text,
    sender_her        text,
    reason            text        NOT NULL,
    mime              bytea       NOT NULL,
    document          bytea,
    partner_word      bytea,
    PRIMARY KEY (id, created_at),
    CONSTRAINT outbound_kind CHECK (kind IN ('melding', 'apprec', 'kvittering', 'feil')),
    CONSTRAINT outbound_state CHECK (state IN (
        'KO', 'SENDT', 'SENDT_UKJENT', 'TRANSPORTKVITTERT', 'LEVERT', 'LEVERT_MED_FEIL', 'FULLFORT', 'AVVIST',
        'MANGLER_APPREC', 'UBEKREFTET', 'TRANSPORTFEIL', 'STOPPET', 'LEVERT_MANUELT', 'KANSELLERT'))
) PARTITION BY RANGE (created_at);

ALTER TABLE outbound ALTER COLUMN mime SET STORAGE EXTERNAL;
ALTER TABLE outbound ALTER COLUMN document SET STORAGE EXTERNAL;
CREATE INDEX outbound_newest ON outbound (owner, created_at DESC);
CREATE INDEX outbound_by_state ON outbound (owner, state, created_at DESC);
CREATE INDEX outbound_by_message_id ON outbound (owner, message_id) WHERE message_id IS NOT NULL;
CREATE INDEX outbound_by_conversation_id ON outbound (owner, conversation_id) WHERE conversation_id IS NOT NULL;
CREATE INDEX outbound_by_ref_to ON outbound (owner, ref_to) WHERE ref_to IS NOT NULL;
CREATE INDEX outbound_by_msg_id ON outbound (owner, msg_id) WHERE msg_id IS NOT NULL;
CREATE TABLE outbound_default PARTITION OF outbound DEFAULT;
