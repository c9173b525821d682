-- A database with what databases have: types, names that need quoting, and what is more than rows. Whoever owns a database may make all of it;
-- what takes a superuser is in privileged.sql. What older servers do not know stands at the end, below lines that say from which on.
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
  arr int[], matrix text[][], pt point, bx box, ci2 circle, r4 int4range, tsr tstzrange,
  tv tsvector, tq tsquery, mo mood, pa pair, po positive, hs hstore, o oid, name name
);
INSERT INTO types (b, i2, i4, i8, r, d, n, m, t, v, c, by, da, ti, tt, ts, tz, iv, u, j, jb, x, ip, ci, ma, bi, vb,
  arr, matrix, pt, bx, ci2, r4, tsr, tv, tq, mo, pa, po, hs, o, name)
VALUES
  (true, -32768, 2147483647, -9223372036854775808, 1.5e-30, 'NaN', 12345678901234567890.0123456789, '12.34',
   E'tab\t backslash\\ newline\n quote'' ёж 🦔', 'ok', 'ab', '\x00ff0a5c', 'infinity', '23:59:59.999999', '12:00+03',
   '-infinity', '2026-11-28 15:00:00+03', '1 year 2 mons 3 days 04:05:06.789', '6c84fb90-12c4-11e1-840d-7b25c5ee775a',
   '{"a": [1,  2]}', '{"ключ": null, "b": 1.10}', '<a>б</a>', '::1', '10.0.0.0/8', '08:00:2b:01:02:03', B'10101', B'1',
   '{1,NULL,3}', '{{a,"b,c"},{"\"",NULL}}', '(1,2)', '((0,0),(1,1))', '<(0,0),5>', '[1,5)',
   '[2026-01-01,)', 'a fat cat', 'fat & rat', 'плохо', '(1,"x,y")', 5, 'a=>1, b=>NULL', 4294967295, 'имя'),
  (NULL, NULL, NULL, NULL, 'Infinity', '-Infinity', 'NaN', NULL, '', '', '', '', NULL, NULL, NULL, NULL, NULL, NULL, NULL,
   NULL, 'null', NULL, NULL, NULL, NULL, NULL, '', '{}', '{}', NULL, NULL, NULL, 'empty', NULL, '', NULL, NULL, NULL,
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

-- Types that are made, and what is made of them.
CREATE DOMAIN short AS varchar(12) COLLATE "C" DEFAULT 'x' NOT NULL CONSTRAINT has_no_space CHECK (VALUE !~ ' ') CHECK (length(VALUE) > 0);
CREATE TYPE span AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE TYPE place AS (at point, told pair, moods mood[]);
CREATE COLLATION backwards (provider = libc, locale = 'C');
CREATE TABLE made (
  id int PRIMARY KEY, sp span, pl place, pairs pair[], moods mood[], hours positive[], word short, texts text COLLATE backwards,
  spans span[], shifted int[], ma8 macaddr8, jp jsonpath, lsn pg_lsn, sn txid_snapshot, li line, se lseg, pa path, po polygon, one "char", re regclass, ty regtype,
  xi xid, ti tid, iv interval[], ts timestamp[], tm timestamptz, da date, n numeric, mo money[], nets inet[], vb varbit, vectors tsvector[], stores hstore[], lines xml[],
  i8r int8range, nr numrange, dr daterange, tr tsrange
);
INSERT INTO made VALUES
  (1, '[1.5,2.5]', '("(1,2)","(3,""a,""""b"")","{good,плохо}")', '{"(1,x)","(,)",NULL}', '{плохо,NULL}', '{1,2}', 'ok', 'ё', '{"[1,2)",empty}',
   '[-2:0][5:5]={{1},{2},{NULL}}', '08:00:2b:01:02:03:04:05', 'strict $."ключ"[*]?(@ > 1.5)', '16/B374D848', '10:20:10,14,15', '{1,2,3}', '[(0,0),(1,1)]',
   '[(0,0),(1,1)]', '((0,0),(1,0),(1,1))', 'q', 'orders', 'mood', '4294967295', '(4294967295,1)',
   '{"-1 mons +3 days -04:05:06","178000000 years"}', '{infinity,-infinity,"0044-03-15 12:00:00 BC",NULL}', 'infinity', '4713-01-01 BC', 'NaN', '{-0.01,92233720368547758.07}',
   '{192.168.0.1/24,fe80::1/64}', B'', '{"''a'':1A ''b'':2",""}', '{"a=>\"\\\"\"",NULL}', '{"<a b=\"1\"/>"}', '[-9223372036854775808,]', '(,1e-30]', '[2026-01-01,infinity)', 'empty'),
  (2, NULL, '(,,)', '{}', '{}', NULL, 'x', '', '{}', '{}', NULL, '$', '0/0', NULL, NULL, NULL, '[(0,0)]', NULL, '', NULL, NULL, NULL, NULL, '{}', '{}', '-infinity', 'infinity',
   -1e-300, NULL, '{}', NULL, '{}', '{}', '{}', '(,)', '(,)', '(-infinity,)', '[-infinity,infinity]');
ALTER TABLE made ALTER pl SET STORAGE EXTERNAL, ALTER texts SET STATISTICS 77, ALTER id SET (n_distinct = -0.5);

-- Tables divided by hashes, by lists, and within partitions.
CREATE TABLE hashed (id int NOT NULL, "what?" text) PARTITION BY HASH (id, "what?");
CREATE TABLE hashed_0 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE hashed_1 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO hashed SELECT g, 'h' || g FROM generate_series(1, 20) g;
CREATE TABLE listed (kind text, at timestamptz NOT NULL, n int DEFAULT 7, PRIMARY KEY (kind, at)) PARTITION BY LIST (kind);
CREATE TABLE "listed ""A""" PARTITION OF listed (n DEFAULT 8, CHECK (n > 0)) FOR VALUES IN ('a', 'й''"') PARTITION BY RANGE (at, kind);
CREATE TABLE listed_a_old PARTITION OF "listed ""A""" FOR VALUES FROM (MINVALUE, MINVALUE) TO ('2026-01-01 00:00+00', MINVALUE);
CREATE TABLE listed_a_new PARTITION OF "listed ""A""" FOR VALUES FROM ('2026-01-01 00:00+00', MINVALUE) TO (MAXVALUE, MAXVALUE);
CREATE TABLE listed_rest (n int, kind text NOT NULL, gone int, at timestamptz NOT NULL);
ALTER TABLE listed_rest DROP COLUMN gone;
ALTER TABLE listed ATTACH PARTITION listed_rest DEFAULT;
CREATE INDEX listed_n ON listed (n DESC NULLS LAST) INCLUDE (at) WHERE n > 1;
INSERT INTO listed SELECT CASE g % 3 WHEN 0 THEN 'a' WHEN 1 THEN 'й''"' ELSE 'z' END, timestamptz '2025-12-01 00:00+00' + g * interval '3 days', g FROM generate_series(1, 30) g;
CREATE TABLE refers (kind text, at timestamptz, FOREIGN KEY (kind, at) REFERENCES listed ON UPDATE CASCADE ON DELETE SET NULL);
INSERT INTO refers SELECT kind, at FROM listed WHERE n < 4;

-- What is held to, looked up, worked out, and told.
ALTER TABLE ancestors ADD CONSTRAINT small CHECK (id < 1000) NO INHERIT, ADD CHECK (what <> '');
CREATE TABLE stays (room int, during tsrange, label text, EXCLUDE USING gist (during WITH &&) WHERE (room = 1), UNIQUE (room, label) DEFERRABLE) WITH (fillfactor = 70, autovacuum_enabled = off);
ALTER TABLE stays ADD CONSTRAINT later CHECK (room < 5) NOT VALID;
INSERT INTO stays VALUES (1, '[2026-01-01,2026-01-02)', 'a'), (1, '[2026-01-02,2026-01-03)', NULL);
CREATE UNIQUE INDEX stays_label ON stays (lower(label) COLLATE "C" text_pattern_ops, (room * 2)) WHERE label IS NOT NULL;
CREATE INDEX stays_room ON stays USING hash (room);
CREATE INDEX stays_brin ON stays USING brin (room) WITH (pages_per_range = 4);
ALTER INDEX stays_label ALTER COLUMN 2 SET STATISTICS 50;
ALTER TABLE stays CLUSTER ON stays_room_label_key;
ALTER TABLE customers REPLICA IDENTITY FULL;
CREATE STATISTICS of_orders (ndistinct, dependencies, mcv) ON customer, parent FROM orders;
ALTER STATISTICS of_orders SET STATISTICS 42;
CREATE SEQUENCE tiny AS smallint START -3 INCREMENT -2 MINVALUE -99 MAXVALUE -1 CACHE 5 CYCLE OWNED BY made.id;
SELECT nextval('tiny');
CREATE SEQUENCE untouched;
SELECT setval('untouched', 9, false);
CREATE MATERIALIZED VIEW unfilled AS SELECT id FROM made WITH NO DATA;
CREATE UNIQUE INDEX totals_customer ON totals (customer);
CREATE RECURSIVE VIEW chain (id, depth) AS SELECT id, 0 FROM orders WHERE parent IS NULL UNION ALL SELECT o.id, c.depth + 1 FROM orders o JOIN chain c ON o.parent = c.id WHERE depth < 3;
CREATE VIEW checked WITH (security_barrier) AS SELECT id, room FROM (SELECT 1 AS id, room FROM stays) s;
CREATE VIEW kept AS SELECT * FROM customers WHERE id < 10 WITH CASCADED CHECK OPTION;
CREATE RULE followed AS ON UPDATE TO empty WHERE OLD.id <> NEW.id DO ALSO (INSERT INTO ancestors VALUES (OLD.id, 'rule'); DELETE FROM ancestors WHERE what = 'rule');
CREATE FUNCTION typed(INOUT a mood, b int DEFAULT 3, VARIADIC rest text[] DEFAULT '{}', OUT c text) LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER COST 7 PARALLEL SAFE
  SET search_path = public, pg_temp SET work_mem = '5MB' AS $тело$ BEGIN c := 'a; -- $$ ''' || b; END $тело$;
CREATE FUNCTION listing(n int) RETURNS TABLE (id int, word text) LANGUAGE sql ROWS 5 AS 'SELECT g, ''x''::text FROM generate_series(1, n) g';
CREATE PROCEDURE "Делать"(INOUT n int) LANGUAGE plpgsql AS $$ BEGIN n := n + 1; COMMIT; END $$;
CREATE AGGREGATE longest(text) (SFUNC = textcat, STYPE = text, INITCOND = '>', PARALLEL = SAFE);
CREATE FUNCTION mood_of(int) RETURNS mood LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN $1 > 0 THEN 'good' ELSE 'плохо' END::mood $$;
CREATE CAST (int AS mood) WITH FUNCTION mood_of(int) AS ASSIGNMENT;
CREATE FUNCTION same_pair(pair, pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1.a = $2.a $$;
CREATE OPERATOR === (LEFTARG = pair, RIGHTARG = pair, FUNCTION = same_pair, COMMUTATOR = ===, RESTRICT = eqsel, JOIN = eqjoinsel);
CREATE TEXT SEARCH DICTIONARY plain (TEMPLATE = simple, STOPWORDS = 'russian');
CREATE TEXT SEARCH CONFIGURATION shopping (COPY = russian);
ALTER TEXT SEARCH CONFIGURATION shopping ALTER MAPPING FOR word WITH plain, russian_stem;
CREATE INDEX made_words ON made USING gin (to_tsvector('shopping', texts));
CREATE FUNCTION counted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER "after" AFTER UPDATE ON orders REFERENCING OLD TABLE AS was NEW TABLE AS becomes FOR EACH STATEMENT EXECUTE FUNCTION counted('a', 'й''\');
CREATE TRIGGER noted AFTER UPDATE OF note, parent ON orders FOR EACH STATEMENT EXECUTE FUNCTION counted();
CREATE CONSTRAINT TRIGGER later AFTER INSERT ON orders DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.note = 'never') EXECUTE FUNCTION counted();
CREATE TRIGGER asleep BEFORE DELETE ON customers FOR EACH STATEMENT EXECUTE FUNCTION counted();
ALTER TABLE customers DISABLE TRIGGER asleep;
CREATE TRIGGER everywhere AFTER INSERT ON listed FOR EACH ROW EXECUTE FUNCTION counted();
ALTER TABLE orders ENABLE ALWAYS TRIGGER stamped;
CREATE POLICY few ON customers AS RESTRICTIVE FOR UPDATE TO pg_monitor USING (id > 0) WITH CHECK (secret <> 'x;--');
ALTER TABLE stays FORCE ROW LEVEL SECURITY;
COMMENT ON COLUMN orders.note IS 'a note';
COMMENT ON SCHEMA "Склад ""А""" IS E'две\nстроки';
COMMENT ON TYPE mood IS 'how it is';
COMMENT ON DOMAIN short IS 'no space';
COMMENT ON CONSTRAINT has_no_space ON DOMAIN short IS 'really none';
COMMENT ON CONSTRAINT later ON stays IS 'not yet';
COMMENT ON FUNCTION typed(mood, int, text[]) IS 'takes; all -- of it';
COMMENT ON TRIGGER stamped ON orders IS 'stamps';
COMMENT ON POLICY own ON customers IS 'one''s own';
COMMENT ON INDEX orders_note IS 'words';
COMMENT ON VIEW recent IS 'of this year';
COMMENT ON COLUMN recent.at IS 'when';
COMMENT ON SEQUENCE tiny IS 'downwards';
COMMENT ON STATISTICS of_orders IS 'counted';
COMMENT ON RULE followed ON empty IS 'a rule';
COMMENT ON CAST (int AS mood) IS 'a cast';
SELECT lo_create(70001);
COMMENT ON LARGE OBJECT 70001 IS 'it is empty';
SELECT lo_put(lo_create(70002), 5000, '\xff00');

-- Who may do what.
GRANT SELECT, INSERT ON orders TO pg_monitor WITH GRANT OPTION;
GRANT SELECT (name), UPDATE (id, name) ON customers TO PUBLIC;
GRANT USAGE ON SCHEMA "Склад ""А""" TO PUBLIC;
GRANT USAGE, UPDATE ON SEQUENCE tiny TO pg_monitor;
REVOKE ALL ON FUNCTION twice(int) FROM PUBLIC;
REVOKE UPDATE, DELETE ON events FROM CURRENT_USER;
REVOKE USAGE ON TYPE pair FROM PUBLIC;
GRANT EXECUTE ON FUNCTION stamp() TO pg_monitor;
GRANT SELECT ON LARGE OBJECT 70001 TO PUBLIC;

-- From 14 on.
CREATE TABLE newer (id int PRIMARY KEY, mr int4multirange, tmr tstzmultirange[], sp span_multirange, n numeric[], t text COMPRESSION pglz, xi xid8, sn pg_snapshot);
INSERT INTO newer VALUES
  (1, '{[1,3),[7,9)}', '{"{[2026-01-01 00:00+00,)}"}', '{[1,2],(3,4)}', '{NaN,Infinity,-Infinity,NULL}', repeat('я', 9000), '18446744073709551615', '10:20:10,14,15'),
  (2, '{}', '{}', NULL, '{}', NULL, '0', NULL);
CREATE FUNCTION spelled(n int) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT count(*) FROM orders WHERE id < n; END;
CREATE STATISTICS of_newer ON (id % 3), lower(t) FROM newer;

-- From 15 on.
CREATE TABLE newest (id int UNIQUE NULLS NOT DISTINCT, parts int, FOREIGN KEY (id) REFERENCES made ON DELETE SET NULL (id));
INSERT INTO newest VALUES (1, 1), (NULL, 2);
CREATE VIEW asking WITH (security_invoker) AS SELECT * FROM newest;
