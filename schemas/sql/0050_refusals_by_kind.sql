-- A refusal is counted by what called for it, so that forgeries use up nothing of what a verified partner is told. What a
-- verified partner sent again, byte for byte, is told by its digest.

ALTER TABLE refusal ADD COLUMN kind text NOT NULL DEFAULT 'unverified';
ALTER TABLE refusal ADD COLUMN digest bytea NOT NULL DEFAULT '';
ALTER TABLE refusal ALTER COLUMN kind DROP DEFAULT, ALTER COLUMN digest DROP DEFAULT;
ALTER TABLE refusal ADD CONSTRAINT refusal_kind CHECK (kind IN ('unverified', 'not ours', 'broken', 'ping'));
ALTER TABLE refusal DROP CONSTRAINT refusal_pkey, ADD PRIMARY KEY (kind, party, message_id, digest);
DROP INDEX refusal_by_time;
CREATE INDEX refusal_by_time ON refusal (kind, party, at);
