-- What came in a conversation is read with its case.

CREATE INDEX inbox_item_by_conversation ON inbox_item (owner, conversation) WHERE conversation IS NOT NULL;
CREATE INDEX inbox_item_by_own_msg_id ON inbox_item (owner, msg_id);
