-- name: note_samvik
-- Remember that a partner has Samvik; nothing comes back where that is known.
INSERT INTO partner_samvik (owner, partner, shown_at) VALUES (%(owner)s, %(partner)s, %(at)s)
ON CONFLICT (owner, partner) DO NOTHING RETURNING partner;

-- name: has_shown_samvik
-- The partner, where it has shown that it has Samvik.
-- by: owner text, partner text
SELECT n, partner FROM {pieces} JOIN partner_samvik USING (owner, partner);
