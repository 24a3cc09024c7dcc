-- name: claim_shipment
-- Remember a shipment; nothing comes back where its id is known.
INSERT INTO shipment (owner, source, id, case_id, sha256, taken_at, metadata)
VALUES (%(owner)s, %(source)s, %(id)s, %(case_id)s, %(sha256)s, %(taken_at)s, %(metadata)s)
ON CONFLICT (owner, source, id) DO NOTHING RETURNING id;

-- name: shipment
-- What stands under the key of a shipment.
SELECT owner, source, id, case_id, sha256, taken_at FROM shipment
WHERE owner = %(owner)s AND source = %(source)s AND id = %(id)s;

-- name: shipment_of
-- The shipment that opened a case.
SELECT owner, source, id, case_id, sha256, taken_at, metadata FROM shipment
WHERE owner = %(owner)s AND case_id = %(case_id)s;

-- name: add_letter
-- Keep an answer that goes by another channel.
INSERT INTO letter (id, owner, case_id, channel, source, shipment, made_at, exported_at, delivered_on, pdf)
VALUES (%(id)s, %(owner)s, %(case_id)s, %(channel)s, %(source)s, %(shipment)s, %(made_at)s, %(exported_at)s,
    %(delivered_on)s, %(pdf)s);

-- name: letter
-- One letter, locked.
SELECT id, owner, case_id, channel, source, shipment, made_at, exported_at, delivered_on, pdf FROM letter
WHERE owner = %(owner)s AND id = %(id)s FOR UPDATE;

-- name: letters_of
-- The letters of a case.
SELECT id, owner, case_id, channel, source, shipment, made_at, exported_at, delivered_on FROM letter
WHERE owner = %(owner)s AND case_id = %(case_id)s ORDER BY made_at, id;

-- name: settle_letter
-- What can change of a letter.
UPDATE letter SET exported_at = %(exported_at)s, delivered_on = %(delivered_on)s
WHERE owner = %(owner)s AND id = %(id)s;
