-- The files that go along with a case's deviation; what people call them is content too. Only the engine reads them:
-- the role of the pages is granted nothing here.
CREATE TABLE case_attachment (
    owner     text    NOT NULL,
    case_id   uuid    NOT NULL REFERENCES case_file ON DELETE CASCADE,
    number    integer NOT NULL,
    mime_type text    NOT NULL,
    name      bytea   NOT NULL,
    content   bytea   NOT NULL,
    PRIMARY KEY (owner, case_id, number)
);
ALTER TABLE case_attachment ALTER COLUMN content SET STORAGE EXTERNAL;
ALTER TABLE case_attachment ENABLE ROW LEVEL SECURITY;
