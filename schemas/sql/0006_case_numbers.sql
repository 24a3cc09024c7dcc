-- Each enterprise counts its own cases of each year; a case says whether it was confirmed and whether it is answered.

CREATE TABLE case_counter (
    owner text    NOT NULL,
    year  integer NOT NULL,
    last  integer NOT NULL,
    PRIMARY KEY (owner, year)
);
INSERT INTO case_counter (owner, year, last)
SELECT owner, split_part(number, '-', 2)::integer, max(split_part(number, '-', 3)::integer)
FROM case_file WHERE number ~ '^AVVIK-[0-9]{4}-[0-9]{1,9}$' GROUP BY owner, split_part(number, '-', 2);
DROP SEQUENCE case_number;
-- Pages need no counter: with the fence up and no policy they see none of its rows.
ALTER TABLE case_counter ENABLE ROW LEVEL SECURITY;

ALTER TABLE case_file ADD COLUMN confirmed_at timestamptz;
ALTER TABLE case_file ADD COLUMN for_information boolean NOT NULL DEFAULT false;
UPDATE case_file SET for_information = true WHERE kind IN ('AVVIK_ORIENTERING', 'RAABRA');

-- The original of a case is found by what its sender called it.
CREATE INDEX inbox_item_by_msg_id ON inbox_item (owner, sender, msg_id);
