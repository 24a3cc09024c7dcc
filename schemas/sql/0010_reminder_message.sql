-- Which message is the reminder of a leg, so that an answer finds it; one that never left may be followed by another.

ALTER TABLE reminder ADD COLUMN message uuid;
ALTER TABLE reminder ADD COLUMN called_back boolean NOT NULL DEFAULT false;
CREATE INDEX reminder_by_message ON reminder (owner, message) WHERE message IS NOT NULL;
