-- When a document was made or first sent, by what its sender wrote: after a restore, whether it may have come before.
ALTER TABLE inbox_item ADD COLUMN made_at timestamptz;
