/** How tables are read out of what pg_restore writes: which statements are theirs, what they need, and what refers to them. */
import { expect, it } from 'vitest'
import { dumpEntriesOf } from '../../../../../../src/main/engine/backups/postgres/dump-entries.ts'
import { withoutNext } from '../../../../../../src/main/engine/backups/postgres/partitions-then.ts'
import { tableDefinitionsOf } from '../../../../../../src/main/engine/backups/postgres/table-definitions.ts'
import { isKnown } from '../../../../../../src/main/engine/backups/postgres/table-forms.ts'

const entry = (id: number, needs: number[], name: string, type: string, sql: string, schema = 'public') => `--
-- TOC entry ${id} (class 1259 OID ${16_000 + id})
${needs.length === 0 ? '' : `-- Dependencies: ${needs.join(' ')}\n`}-- Name: ${name}; Type: ${type}; Schema: ${schema}; Owner: app
--

${sql}

`

const DUMP = [
  entry(1, [], 'mood', 'TYPE', "CREATE TYPE public.mood AS ENUM (\n    'a'\n);"),
  entry(
    2,
    [],
    'lies()',
    'FUNCTION',
    `CREATE FUNCTION public.lies() RETURNS void\n    LANGUAGE sql\n    AS $_$\n--\n-- TOC entry 99 (class 1259 OID 1)\n-- Name: orders; Type: TABLE; Schema: public; Owner: postgres\n--\nALTER TABLE public.orders OWNER TO postgres;\n$_$;`,
  ),
  entry(
    3,
    [1],
    'orders',
    'TABLE',
    `CREATE TABLE public.orders (\n    id integer NOT NULL,\n    mood public.mood DEFAULT 'a;'::public.mood\n)\nWITH (fillfactor='70');\n\nALTER TABLE ONLY public.orders FORCE ROW LEVEL SECURITY;\n\n\nALTER TABLE public.orders OWNER TO app;`,
  ),
  entry(
    4,
    [3],
    'orders_id_seq',
    'SEQUENCE',
    'CREATE SEQUENCE public.orders_id_seq\n    AS integer;\n\n\nALTER TABLE public.orders_id_seq OWNER TO app;',
  ),
  entry(
    5,
    [4],
    'orders_id_seq',
    'SEQUENCE OWNED BY',
    'ALTER SEQUENCE public.orders_id_seq OWNED BY public.orders.id;',
  ),
  entry(6, [], 'S "1".t', 'TABLE', 'CREATE TABLE "S ""1""".t (\n    "order" integer\n);', 'S "1"'),
  entry(
    7,
    [3, 4],
    'orders id',
    'DEFAULT',
    "ALTER TABLE ONLY public.orders ALTER COLUMN id SET DEFAULT nextval('public.orders_id_seq'::regclass);",
  ),
  entry(
    8,
    [3],
    'orders orders_pkey',
    'CONSTRAINT',
    'ALTER TABLE ONLY public.orders\n    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);',
  ),
  entry(9, [3], 'orders_mood', 'INDEX', 'CREATE INDEX orders_mood ON public.orders USING btree (mood);'),
  entry(
    10,
    [3],
    'orders told',
    'TRIGGER',
    'CREATE TRIGGER told AFTER UPDATE OF id, "x ON public.other" ON public.orders FOR EACH ROW EXECUTE FUNCTION public.tell();\n\nALTER TABLE public.orders DISABLE TRIGGER told;',
  ),
  entry(
    11,
    [6, 3, 8],
    't whose',
    'FK CONSTRAINT',
    'ALTER TABLE ONLY "S ""1""".t\n    ADD CONSTRAINT whose FOREIGN KEY ("order") REFERENCES public.orders(id);',
    'S "1"',
  ),
  entry(
    12,
    [11],
    'CONSTRAINT whose ON t',
    'COMMENT',
    `COMMENT ON CONSTRAINT whose ON "S ""1""".t IS 'w';`,
    'S "1"',
  ),
  entry(13, [9], 'INDEX orders_mood', 'COMMENT', "COMMENT ON INDEX public.orders_mood IS 'i';"),
  entry(14, [3], 'orders', 'ROW SECURITY', 'ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY;'),
  entry(
    15,
    [3],
    'orders p',
    'POLICY',
    'CREATE POLICY p ON public.orders FOR SELECT TO "The ""boss""", PUBLIC USING (true);',
  ),
  entry(16, [3], 'seen', 'VIEW', 'CREATE VIEW public.seen AS\n SELECT orders.id\n   FROM public.orders;'),
  entry(
    17,
    [3],
    'TABLE orders',
    'ACL',
    'SET SESSION AUTHORIZATION giver;\nGRANT SELECT ON TABLE public.orders TO reader;\nGRANT postgres TO reader;\nRESET SESSION AUTHORIZATION;',
  ),
].join('\n')

const read = async (...names: string[]) =>
  tableDefinitionsOf(
    await dumpEntriesOf(DUMP),
    names.map((name) => ({ schema: 'public', name })),
  )

it('takes what is of a table, part by part, and only that', async () => {
  const { tables } = await read('orders')
  expect(tables).toEqual([
    {
      ...{ schema: 'public', name: 'orders', owner: 'app', kind: 'table', partition: null, foreignKeys: [] },
      create: [
        {
          before: 'CREATE TABLE ',
          after: ` (\n    id integer NOT NULL,\n    mood public.mood DEFAULT 'a;'::public.mood\n)\nWITH (fillfactor='70')`,
        },
      ],
      finish: [
        { before: 'ALTER TABLE ONLY ', after: '\n    ADD CONSTRAINT orders_pkey PRIMARY KEY (id)' },
        { before: 'CREATE INDEX orders_mood ON ', after: ' USING btree (mood)' },
      ],
      attach: [
        "ALTER TABLE ONLY public.orders ALTER COLUMN id SET DEFAULT nextval('public.orders_id_seq'::regclass)",
        'CREATE TRIGGER told AFTER UPDATE OF id, "x ON public.other" ON public.orders FOR EACH ROW EXECUTE FUNCTION public.tell()',
        'ALTER TABLE public.orders DISABLE TRIGGER told',
        'CREATE POLICY p ON public.orders FOR SELECT TO "The ""boss""", PUBLIC USING (true)',
        "COMMENT ON INDEX public.orders_mood IS 'i'",
      ],
      secure: [
        'ALTER TABLE ONLY public.orders FORCE ROW LEVEL SECURITY',
        'ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY',
      ],
      sequences: [
        {
          ...{ schema: 'public', name: 'orders_id_seq', column: 'id' },
          create: [
            'CREATE SEQUENCE public.orders_id_seq\n    AS integer',
            'ALTER SEQUENCE public.orders_id_seq OWNED BY public.orders.id',
          ],
        },
      ],
      grants: [{ statement: 'GRANT SELECT ON TABLE public.orders TO reader', role: 'reader' }],
      indexes: ['orders_pkey', 'orders_mood'],
      roles: ['The "boss"'],
      needs: [
        { type: 'SCHEMA', schema: null, name: 'public' },
        { type: 'TYPE', schema: 'public', name: 'mood' },
      ],
      unknown: [],
      ownerNeeds: [],
      dependents: ['VIEW public.seen'],
    },
  ])
})

it('tells which foreign keys lead there from tables that were not chosen, with what is said of them', async () => {
  expect((await read('orders')).inbound).toEqual([
    {
      ...{ name: 'whose', columns: [{ from: 'order', to: 'id' }] },
      ...{ comment: `COMMENT ON CONSTRAINT whose ON "S ""1""".t IS 'w'` },
      ...{ from: { schema: 'S "1"', name: 't' }, to: { schema: 'public', name: 'orders' } },
      statement: `ALTER TABLE ONLY "S ""1""".t\n    ADD CONSTRAINT whose FOREIGN KEY ("order") REFERENCES public.orders(id)`,
    },
  ])
})

it('makes nothing of what the dump does not make', async () => {
  expect(await read('nowhere')).toEqual({ tables: [], inbound: [] })
})

it('knows what is said with our rights by its form, and nothing else', async () => {
  const alien = 'DO $$ BEGIN PERFORM 1; END $$;'
  const entries = await dumpEntriesOf(
    DUMP +
      entry(
        30,
        [3],
        'orders sly',
        'TRIGGER',
        `CREATE TRIGGER sly AFTER INSERT ON public.orders FOR EACH ROW EXECUTE FUNCTION public.f();\n${alien}`,
      ),
  )
  expect(tableDefinitionsOf(entries, [{ schema: 'public', name: 'orders' }]).tables[0]?.unknown).toEqual([
    alien.slice(0, -1),
  ])
})

it('finds the partitions of what is partitioned, with what these have of their whole', async () => {
  const dump = [
    entry(
      1,
      [],
      'part',
      'TABLE',
      `CREATE TABLE public.part (\n    id integer DEFAULT nextval('public.whole_id_seq'::regclass) NOT NULL,\n    other integer DEFAULT nextval('public.other'::regclass),\n    said text DEFAULT 'a DEFAULT nextval(''public.whole_id_seq''::regclass)'::text\n);`,
    ),
    entry(2, [], 'leaf', 'TABLE', 'CREATE TABLE public.leaf (\n    id integer\n);'),
    entry(
      3,
      [],
      'whole',
      'TABLE',
      'CREATE TABLE public.whole (\n    id integer NOT NULL\n)\nPARTITION BY RANGE (id);',
    ),
    entry(4, [3], 'whole_id_seq', 'SEQUENCE', 'CREATE SEQUENCE public.whole_id_seq\n    AS integer;'),
    entry(
      5,
      [4],
      'whole_id_seq',
      'SEQUENCE OWNED BY',
      'ALTER SEQUENCE public.whole_id_seq OWNED BY public.whole.id;',
    ),
    entry(
      6,
      [1, 2],
      'leaf',
      'TABLE ATTACH',
      'ALTER TABLE ONLY public.part ATTACH PARTITION public.leaf FOR VALUES IN (1);',
    ),
    entry(
      7,
      [1, 3],
      'part',
      'TABLE ATTACH',
      'ALTER TABLE ONLY public.whole ATTACH PARTITION public.part FOR VALUES FROM (1) TO (9);',
    ),
    entry(8, [3], 'whole_id', 'INDEX', 'CREATE INDEX whole_id ON ONLY public.whole USING btree (id);'),
  ].join('')
  const { tables } = tableDefinitionsOf(
    await dumpEntriesOf(dump),
    [{ schema: 'public', name: 'whole' }],
    true,
  )
  expect(
    tables.map(({ name, kind, partition }) => [name, kind, partition?.parent.name, partition?.bounds]),
  ).toEqual([
    ['whole', 'partitioned', undefined, undefined],
    ['part', 'table', 'whole', 'FOR VALUES FROM (1) TO (9)'],
    ['leaf', 'table', 'part', 'FOR VALUES IN (1)'],
  ])
  expect(tables[0]?.finish).toEqual([
    { before: 'CREATE INDEX whole_id ON ONLY ', after: ' USING btree (id)' },
  ])
  // Of what comes with them alone, and nothing within an expression.
  expect(tables[1]?.create).toEqual([
    {
      before: 'CREATE TABLE ',
      after: ` (\n    id integer NOT NULL,\n    other integer DEFAULT nextval('public.other'::regclass),\n    said text DEFAULT 'a DEFAULT nextval(''public.whole_id_seq''::regclass)'::text\n)`,
    },
  ])
  expect(tables[1]?.attach).toEqual([
    `ALTER TABLE ONLY "public"."part" ALTER COLUMN id SET DEFAULT nextval('public.whole_id_seq'::regclass)`,
  ])
})

it('reads what fires a trigger in one way only, however long it is', async () => {
  const began = performance.now()
  const sly = entry(18, [3], 'sly', 'TRIGGER', `CREATE TRIGGER sly AFTER ${'A'.repeat(10_000)};`)
  const { tables } = tableDefinitionsOf(await dumpEntriesOf(`${DUMP}\n${sly}`), [
    { schema: 'public', name: 'orders' },
  ])
  expect(tables).toHaveLength(1)
  expect(performance.now() - began).toBeLessThan(20_000)
})

const attaches = 'ALTER TABLE ONLY public.orders ATTACH PARTITION public.part FOR VALUES'
const refers =
  'ALTER TABLE ONLY public.orders\n    ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES public.orders(id)'
const sets = 'ALTER TABLE ONLY public.orders ALTER COLUMN id SET DEFAULT'
it.each([
  [true, `${sets} (ARRAY[1, 2])[1] + length('a, '', "b')`],
  [true, `${sets} '\\x00'::bytea`],
  [true, `${sets} E'a\\\\, ''b'`],
  [true, `${refers} ON DELETE SET NULL (id) DEFERRABLE INITIALLY DEFERRED`],
  [true, `${attaches} FROM ('2026-01-01', MINVALUE, 1) TO ('2027-01-01', MAXVALUE, '-1')`],
  [true, `${attaches} IN ('a, b', 'o''k', NULL, true, 1.5)`],
  [true, `${attaches} WITH (modulus 4, remainder 0)`],
  [true, 'ALTER TABLE ONLY public.orders ATTACH PARTITION public.part DEFAULT'],
  [false, `${sets} 1, ADD COLUMN b int DEFAULT public.evil()`],
  [false, `${sets} E'\\'', ADD COLUMN b int DEFAULT public.evil(), ALTER COLUMN id SET DEFAULT '\\''`],
  [false, `${sets} '\\'', ADD COLUMN b int DEFAULT public.evil(), ALTER COLUMN id SET DEFAULT '\\''`],
  [false, `${sets} ident$$'$$, ADD COLUMN b int DEFAULT public.evil(), ALTER COLUMN id SET DEFAULT $$'$$`],
  [false, `${sets} 1 /* */`],
  [false, `${sets} 1), ADD COLUMN b int DEFAULT (public.evil()`],
  [false, `${refers}, ADD COLUMN b int DEFAULT public.evil()`],
  [false, `${attaches} FROM (public.evil()) TO (MAXVALUE)`],
  [false, `${attaches} IN ('a'::public.evil)`],
  [false, `${attaches} IN ('a'), ADD COLUMN b int DEFAULT public.evil()`],
])('knows what is said with our rights to its end: %s %s', (known, statement) => {
  expect(isKnown(statement)).toBe(known)
})

it('takes the sequence out of a column also where that may not be empty under a name', () => {
  const coming = [{ schema: 'public', name: 's' }]
  const column = (rest: string) => `\n    id integer${rest},\n    b text\n`
  expect(
    withoutNext(column(' DEFAULT nextval(\'public.s\'::regclass) CONSTRAINT "not, empty" NOT NULL'), coming),
  ).toEqual({
    after: column(' CONSTRAINT "not, empty" NOT NULL'),
    defaults: ["id SET DEFAULT nextval('public.s'::regclass)"],
  })
})
