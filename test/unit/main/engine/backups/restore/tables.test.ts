/** What is read of a dump for chosen tables: rows as they stream by, columns, and names. */
import { describe, expect, it } from 'vitest'
import {
  columnsThen,
  wasGenerated,
  wasOfType,
} from '../../../../../../src/main/engine/backups/postgres/columns-then.ts'
import { copyBlocks, type Piece } from '../../../../../../src/main/engine/backups/postgres/copy-blocks.ts'
import { freeName, heldNames } from '../../../../../../src/main/engine/backups/restore/tables/names.ts'
import { refusalsOfReading } from '../../../../../../src/main/engine/backups/restore/tables/reading.ts'

const OUTPUT = `-- PostgreSQL database dump
SET client_encoding = 'LATIN1';
COPY public.orders (id, "a ""b"", c", note) FROM stdin;
1\t\\\\.\tx
\\\\.
2\ty\\n\\\\.\\n\tz
\\.


COPY "Склад ""А""".empty (id) FROM stdin;
\\.
SELECT pg_catalog.setval('public.orders_id_seq', 2, true);
COPY public.nothing  FROM stdin;

\\.
`

async function read(size: number): Promise<unknown[]> {
  const bytes = Buffer.from(OUTPUT)
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += size) yield Buffer.from(bytes.subarray(at, at + size))
  }
  const said: (Exclude<Piece, { kind: 'rows' }> | { kind: 'rows'; text: string })[] = []
  let rows: Buffer[] = []
  for await (const piece of copyBlocks(chunks())) {
    if (piece.kind === 'rows') rows.push(Buffer.from(piece.bytes))
    else {
      if (rows.length > 0) said.push({ kind: 'rows', text: Buffer.concat(rows).toString() })
      rows = []
      said.push(piece)
    }
  }
  return said
}

describe('rows in what pg_restore writes', () => {
  it.each([1, 2, 3, 5, 7, 64, 10_000])('are the same in pieces of %i bytes', async (size) => {
    const orders = { schema: 'public', name: 'orders' }
    const empty = { schema: 'Склад "А"', name: 'empty' }
    const nothing = { schema: 'public', name: 'nothing' }
    expect(await read(size)).toEqual([
      { kind: 'begin', table: orders, columns: ['id', 'a "b", c', 'note'], encoding: 'LATIN1' },
      { kind: 'rows', text: '1\t\\\\.\tx\n\\\\.\n2\ty\\n\\\\.\\n\tz\n' },
      { kind: 'end', table: orders },
      { kind: 'begin', table: empty, columns: ['id'], encoding: 'LATIN1' },
      { kind: 'end', table: empty },
      { kind: 'begin', table: nothing, columns: [], encoding: 'LATIN1' },
      { kind: 'rows', text: '\n' },
      { kind: 'end', table: nothing },
    ])
  })
})

describe('columns of a dump', () => {
  const sql = `CREATE TABLE public.orders (
    id integer NOT NULL,
    "select it" character varying(20) DEFAULT 'x,'::character varying,
    doubled integer GENERATED ALWAYS AS ((id * 2)) STORED,
    tags integer[],
    CONSTRAINT positive CHECK ((id > 0))
);
CREATE TABLE public.typed OF public.pair;`
  const [orders, typed] = columnsThen(sql, [
    { schema: 'public', name: 'orders' },
    { schema: 'public', name: 'typed' },
  ])

  it('are known by name, and whether they were computed', () => {
    expect(orders?.columns?.map((column) => [column.name, wasGenerated(column)])).toEqual([
      ['id', false],
      ['select it', false],
      ['doubled', true],
      ['tags', false],
    ])
    expect(typed?.columns).toBeNull()
  })

  it.each([
    ['id', 'integer', true],
    ['id', 'bigint', false],
    ['select it', 'character varying(20)', true],
    ['select it', 'character varying', false],
    ['select it', 'character varying(2)', false],
    ['tags', 'integer[]', true],
    ['tags', 'integer', false],
  ])('%s is of type %s: %s', (name, type, is) => {
    const column = orders?.columns?.find((one) => one.name === name)
    expect(column !== undefined && wasOfType(column, type)).toBe(is)
  })

  it.each([
    ['interval day to second', 'interval day', false],
    ['interval day to second(3)', 'interval day', false],
    ['interval hour to minute', 'interval hour', false],
    ['interval day', 'interval', false],
    ['interval day to second', 'interval day to second', true],
    ["interval day DEFAULT '1 day'::interval day", 'interval day', true],
    ['character varying', 'character', false],
    ['bit varying', 'bit', false],
    ['timestamp(3) with time zone', 'timestamp(3)', false],
    ['integer[]', 'integer', false],
    ['public.mood NOT NULL', 'public.mood', true],
    ['text COLLATE pg_catalog."C"', 'text', true],
    ['text CONSTRAINT said NOT NULL', 'text', true],
    ['integer GENERATED ALWAYS AS ((id * 2)) STORED', 'integer', true],
    ['public."x DEFAULT"', 'public."x', false],
  ])('that was written %s is of type %s: %s', (definition, type, is) => {
    expect(wasOfType({ name: 'x', definition }, type)).toBe(is)
  })
})

it('gives tables of one name in two schemas names of their own, which fit', () => {
  const long = 'я'.repeat(31)
  const named = ['a', 'b', 'a', long, long].map((name, index) => ({ schema: `s${index}`, name }))
  expect(heldNames(named)).toEqual(['a', 'b', 'a_2', long, `${'я'.repeat(30)}_2`])
  expect(['a', 'c'].map((name) => freeName(named, name))).toEqual(['a_3', 'c'])
})

describe('who reads what changes', () => {
  it.each([
    [120_008, ['a', 'b'], true],
    [120_009, ['a'], false],
    [130_004, ['a'], true],
    [130_004, [], false],
    [130_005, ['a'], false],
    [140_000, ['a'], false],
  ])('is shown no part of a row that is put aside: %i, %j', (number, readers, isRefused) => {
    const refusals = refusalsOfReading({ number, readers, version: 'x' })
    expect(refusals.map(({ code, params }) => [code, params.slots])).toEqual(
      isRefused ? [['restore-tables-read-too-old', readers.join(', ')]] : [],
    )
  })
})
