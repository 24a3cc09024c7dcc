-- What a record system says in files: it names what its party received, and bears a MsgId that is claimed when it goes.

CREATE INDEX inbox_item_received ON inbox_item (owner, receiver, msg_id);

ALTER TABLE ledger DROP CONSTRAINT ledger_kind;
ALTER TABLE ledger ADD CONSTRAINT ledger_kind CHECK (kind IN ('ebxml', 'msgid', 'sendt'));
