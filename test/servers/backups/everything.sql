-- A database with what databases have: common types, names that need quoting, and what is more than rows.
CREATE EXTENSION pg_trgm;
CREATE EXTENSION hstore;
CREATE SCHEMA "Склад ""А""";
CREATE TYPE mood AS ENUM ('плохо', 'so-so', 'good');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN positive AS int CHECK (VALUE > 0);

CREATE TABLE types (
  id bigint GENERATED ALWAYS AS IDENTITY (START WITH 100 INCREMENT BY 7) PRIMARY KEY,
  b boolean, i2 smallint, i4 int, i8 bigint, r real, d double precision, n numeric(30, 10), m money,
  t text, v varchar(20), c char(5), by bytea, da date, ti time, tt timetz, ts timestamp, tz timestamptz, iv interval,
  u uuid, j json, jb jsonb, x xml, ip inet, ci cidr, ma macaddr, bi bit(5), vb bit varying(9),
  arr int[], matrix text[][], pt point, bx box, ci2 circle, r4 int4range, mr int4multirange, tsr tstzrange,
  tv tsvector, tq tsquery, mo mood, pa pair, po positive, hs hstore, o oid, name name
);
INSERT INTO types (b, i2, i4, i8, r, d, n, m, t, v, c, by, da, ti, tt, ts, tz, iv, u, j, jb, x, ip, ci, ma, bi, vb,
  arr, matrix, pt, bx, ci2, r4, mr, tsr, tv, tq, mo, pa, po, hs, o, name)
VALUES
  (true, -32768, 2147483647, -9223372036854775808, 1.5e-30, 'NaN', 12345678901234567890.0123456789, '12.34',
   E'tab\t backslash\\ newline\n quote'' ёж 🦔', 'ok', 'ab', '\x00ff0a5c', 'infinity', '23:59:59.999999', '12:00+03',
   '-infinity', '2026-11-28 15:00:00+03', '1 year 2 mons 3 days 04:05:06.789', '6c84fb90-12c4-11e1-840d-7b25c5ee775a',
   '{"a": [1,  2]}', '{"ключ": null, "b": 1.10}', '<a>б</a>', '::1', '10.0.0.0/8', '08:00:2b:01:02:03', B'10101', B'1',
   '{1,NULL,3}', '{{a,"b,c"},{"\"",NULL}}', '(1,2)', '((0,0),(1,1))', '<(0,0),5>', '[1,5)', '{[1,3),[7,9)}',
   '[2026-01-01,)', 'a fat cat', 'fat & rat', 'плохо', '(1,"x,y")', 5, 'a=>1, b=>NULL', 4294967295, 'имя'),
  (NULL, NULL, NULL, NULL, 'Infinity', '-Infinity', 'NaN', NULL, '', '', '', '', NULL, NULL, NULL, NULL, NULL, NULL, NULL,
   NULL, 'null', NULL, NULL, NULL, NULL, NULL, '', '{}', '{}', NULL, NULL, NULL, 'empty', '{}', NULL, '', NULL, NULL, NULL,
   NULL, '', NULL, NULL);

CREATE SEQUENCE "Склад ""А"".numbers" START 5 INCREMENT 5 CYCLE MAXVALUE 1000;
SELECT nextval('"Склад ""А"".numbers"'), nextval('"Склад ""А"".numbers"');
CREATE TABLE "Склад ""А"""."Таблица ""й"" и 'х'; --" (
  "Ключ" serial PRIMARY KEY, "select" text NOT NULL DEFAULT 'x', doubled int GENERATED ALWAYS AS ("Ключ" * 2) STORED
);
INSERT INTO "Склад ""А"""."Таблица ""й"" и 'х'; --" ("select") SELECT 'строка ' || g FROM generate_series(1, 50) g;

CREATE TABLE customers (id int PRIMARY KEY, name text, secret text);
CREATE TABLE orders (id int PRIMARY KEY, customer int NOT NULL REFERENCES customers ON DELETE CASCADE,
  parent int REFERENCES orders DEFERRABLE INITIALLY DEFERRED, note text);
INSERT INTO customers SELECT g, 'имя ' || g, md5(g::text) FROM generate_series(1, 40) g;
INSERT INTO orders SELECT g, 1 + g % 40, CASE WHEN g > 1 THEN g - 1 END, repeat('я', g) FROM generate_series(1, 200) g;
SET CONSTRAINTS ALL IMMEDIATE;
CREATE INDEX orders_note ON orders USING gin (note gin_trgm_ops);
ALTER TABLE customers ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON customers USING (name = current_user);

CREATE TABLE events (at date NOT NULL, what text) PARTITION BY RANGE (at);
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE events_rest PARTITION OF events DEFAULT;
INSERT INTO events SELECT date '2024-12-01' + g * 10, 'e' || g FROM generate_series(0, 100) g;
CREATE TABLE ancestors (id int, what text);
CREATE TABLE descendants (more text) INHERITS (ancestors);
INSERT INTO ancestors VALUES (1, 'a'), (2, 'b');
INSERT INTO descendants VALUES (3, 'c', 'd');

CREATE VIEW recent AS SELECT * FROM events WHERE at > '2026-01-01';
CREATE MATERIALIZED VIEW totals AS SELECT customer, count(*) FROM orders GROUP BY 1;
CREATE FUNCTION twice(i int) RETURNS int LANGUAGE sql AS $$ SELECT i * 2 $$;
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := coalesce(NEW.note, '-'); RETURN NEW; END $$;
CREATE TRIGGER stamped BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION stamp();
COMMENT ON TABLE orders IS 'заказы: ''важно''';
CREATE TABLE empty (id int);
CREATE UNLOGGED TABLE fleeting AS SELECT g AS id FROM generate_series(1, 3) g;
SELECT lo_from_bytea(0, convert_to('большой объект', 'UTF8')), lo_from_bytea(0, '\x00010203');
