-- Who wrote or corrected a draft: another person approves it.

ALTER TABLE case_file ADD COLUMN written_by text[] NOT NULL DEFAULT '{}';
