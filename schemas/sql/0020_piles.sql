-- Mails that nobody vouches for lie in piles, each with one task that counts them and names the last one.

ALTER TABLE inbound ADD COLUMN pile uuid;
CREATE INDEX inbound_piled ON inbound (owner, pile, id) WHERE pile IS NOT NULL AND state = 'KARANTENE';

ALTER TABLE task ADD COLUMN count integer NOT NULL DEFAULT 1;
ALTER TABLE task ADD COLUMN latest uuid;
