-- People find a message by the first characters of any id. In every collation, an index of text_pattern_ops answers both
-- `=` and a search by prefix, so these take the place of the old ones and writing costs no more.
DROP INDEX inbound_by_message_id;
DROP INDEX inbound_by_conversation_id;
DROP INDEX inbound_by_msg_id;
CREATE INDEX inbound_by_message_id ON inbound (owner, message_id text_pattern_ops) WHERE message_id IS NOT NULL;
CREATE INDEX inbound_by_conversation_id ON inbound (owner, conversation_id text_pattern_ops)
    WHERE conversation_id IS NOT NULL;
CREATE INDEX inbound_by_msg_id ON inbound (owner, msg_id text_pattern_ops) WHERE msg_id IS NOT NULL;
DROP INDEX outbound_by_message_id;
DROP INDEX outbound_by_conversation_id;
DROP INDEX outbound_by_msg_id;
CREATE INDEX outbound_by_message_id ON outbound (owner, message_id text_pattern_ops) WHERE message_id IS NOT NULL;
CREATE INDEX outbound_by_conversation_id ON outbound (owner, conversation_id text_pattern_ops)
    WHERE conversation_id IS NOT NULL;
CREATE INDEX outbound_by_msg_id ON outbound (owner, msg_id text_pattern_ops) WHERE msg_id IS NOT NULL;
DROP INDEX inbox_item_by_own_msg_id;
CREATE INDEX inbox_item_by_own_msg_id ON inbox_item (owner, msg_id text_pattern_ops);
