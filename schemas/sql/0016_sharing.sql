-- Sending is shared out among partners: the queue is walked by partner, never past all that waits for one of them.
CREATE INDEX work_by_partner ON work (kind, partner, due, subject) WHERE lease IS NULL;
