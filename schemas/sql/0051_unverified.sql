-- What nobody vouched for is counted against a quota, and only its header is kept after a while. What was decided before
-- this column counts as verified, but for what plainly is no message at all.

ALTER TABLE inbound ADD COLUMN verified boolean NOT NULL DEFAULT true;
ALTER TABLE inbound ALTER COLUMN verified SET DEFAULT false;
ALTER TABLE inbound ADD COLUMN reduced_at timestamptz;
UPDATE inbound SET verified = false
WHERE kind IS NULL AND from_her IS NULL AND state IN ('MOTTATT', 'VENTER', 'KARANTENE', 'FORKASTET');
CREATE INDEX inbound_unverified ON inbound (owner, received_at) INCLUDE (size, reduced_at) WHERE NOT verified;
