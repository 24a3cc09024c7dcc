-- How often a lease on work has run out: its node may have died of it. Work that only waits is no suspect.
ALTER TABLE work ADD COLUMN deaths integer NOT NULL DEFAULT 0;
