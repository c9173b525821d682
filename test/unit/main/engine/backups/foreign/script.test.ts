import { expect, it } from 'vitest'
import { readScript, type Unit } from '../../../../../../src/main/engine/backups/foreign/script.ts'

/** What is read of a script that comes in pieces of so many bytes: its units with their lines, rows put together. */
async function read(sql: string | Buffer, pieceBytes: number): Promise<string[]> {
  const bytes = Buffer.from(sql as string)
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
  }
  const units: string[] = []
  let rows = ''
  let count = 0
  for await (const unit of readScript(pieces())) {
    if (unit.kind === 'rows') {
      rows += unit.bytes.toString('utf8')
      count += unit.count
      continue
    }
    if (rows !== '') units.push(`${count} rows ${JSON.stringify(rows)}`)
    rows = ''
    count = 0
    units.push(shown(unit))
  }
  if (rows !== '') units.push(`${count} rows ${JSON.stringify(rows)}`)
  return units
}

function shown(unit: Exclude<Unit, { kind: 'rows' }>): string {
  switch (unit.kind) {
    case 'statement':
      return `${unit.line}: ${unit.text.toString('utf8')}${unit.copies ? ' <-' : ''}`
    case 'command':
      return `${unit.line}! ${unit.text}${unit.isInside ? ' (inside)' : ''}`
    case 'comment':
      return `-- ${unit.text}`
    case 'cut':
      return `cut ${unit.line}`
    case 'rows-end':
      return 'end'
  }
}

const CASES: readonly (readonly [string, string | Buffer, readonly string[]])[] = [
  ['two statements', 'SELECT 1;\n SELECT 2 ;\n', ['1: SELECT 1', '2: SELECT 2 ']],
  ['a byte order mark', '\uFEFFSELECT 1;', ['1: SELECT 1']],
  ['a semicolon in a text', "SELECT 'a;''b;';SELECT 2;", ["1: SELECT 'a;''b;'", '1: SELECT 2']],
  ['a backslash in a text', "SELECT 'a\\';SELECT 2;", ["1: SELECT 'a\\'", '1: SELECT 2']],
  [
    'an escaped quote',
    "SELECT E'a\\';b', e'\\\\';SELECT 2;",
    ["1: SELECT E'a\\';b', e'\\\\'", '1: SELECT 2'],
  ],
  ['a name that ends in e', "SELECT type'a\\';SELECT 2;", ["1: SELECT type'a\\'", '1: SELECT 2']],
  [
    'texts as before 9.1',
    "SET standard_conforming_strings = off;SELECT 'a\\';b';SELECT 2;",
    ['1: SET standard_conforming_strings = off', "1: SELECT 'a\\';b'", '1: SELECT 2'],
  ],
  ['a quoted name', 'SELECT "a;""b\\!";SELECT 2;', ['1: SELECT "a;""b\\!"', '1: SELECT 2']],
  [
    'dollar quotes',
    'DO $$ BEGIN; \\! x\n END $$;DO $f$ a; $$ b; $f $f$;SELECT $1;',
    ['1: DO $$ BEGIN; \\! x\n END $$', '2: DO $f$ a; $$ b; $f $f$', '2: SELECT $1'],
  ],
  ['a dollar in a name', 'SELECT a$b$c; SELECT 2;', ['1: SELECT a$b$c', '1: SELECT 2']],
  ['a tag of letters', 'SELECT $тег$;$тег$;', ['1: SELECT $тег$;$тег$']],
  [
    'comments',
    '--\n-- Name: x; Type: y\n--\n\n/* a; /* b; */ c; */ SELECT 1 -- d;\n + 2;',
    ['-- ', '-- Name: x; Type: y', '-- ', '5: SELECT 1 -- d;\n + 2'],
  ],
  ['operators that begin like comments', 'SELECT 1 - 2 / 3;', ['1: SELECT 1 - 2 / 3']],
  [
    'a rule with several statements',
    'CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b);SELECT 2;',
    ['1: CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b)', '1: SELECT 2'],
  ],
  [
    'a body in SQL',
    'CREATE OR REPLACE FUNCTION f() RETURNS int\n LANGUAGE sql\n BEGIN ATOMIC\n SELECT CASE WHEN true THEN 1 END;\n SELECT 2;\nEND;\nBEGIN;SELECT 2;COMMIT;',
    [
      '1: CREATE OR REPLACE FUNCTION f() RETURNS int\n LANGUAGE sql\n BEGIN ATOMIC\n SELECT CASE WHEN true THEN 1 END;\n SELECT 2;\nEND',
      '7: BEGIN',
      '7: SELECT 2',
      '7: COMMIT',
    ],
  ],
  [
    'rows',
    'COPY public.t (a, b) FROM stdin;\n1\t\\\\.\n\\\\.\t2\n\\N\t\\\\!\n\\.\n\nSELECT 1;\n',
    [
      '1: COPY public.t (a, b) FROM stdin <-',
      '3 rows "1\\t\\\\\\\\.\\n\\\\\\\\.\\t2\\n\\\\N\\t\\\\\\\\!\\n"',
      'end',
      '7: SELECT 1',
    ],
  ],
  ['no rows', 'COPY t FROM stdin;\n\\.\nSELECT 1;', ['1: COPY t FROM stdin <-', 'end', '3: SELECT 1']],
  [
    'rows with the line ends of Windows',
    'COPY t FROM stdin;\r\n1\r\n\\.\r\nSELECT 1;\r\n',
    ['1: COPY t FROM stdin <-', '1 rows "1\\r\\n"', 'end', '4: SELECT 1'],
  ],
  [
    'an end without a line end',
    'COPY t FROM stdin;\n1\n\\.',
    ['1: COPY t FROM stdin <-', '1 rows "1\\n"', 'end'],
  ],
  ['a program', "COPY t FROM PROGRAM 'x';SELECT 1;", ["1: COPY t FROM PROGRAM 'x'", '1: SELECT 1']],
  [
    'commands of psql',
    '\\restrict k;ey\nSELECT 1;\n\\! touch x; y\nSELECT 2 \\g /tmp/x\n;\n\\unrestrict key',
    [
      '1! \\restrict k;ey',
      '2: SELECT 1',
      '3! \\! touch x; y',
      '4! \\g /tmp/x (inside)',
      '4: SELECT 2 \n',
      '6! \\unrestrict key',
    ],
  ],
  ['a cut statement', 'SELECT 1;\nSELECT 2', ['1: SELECT 1', 'cut 2']],
  ['a cut text', "SELECT 'a;\n", ['cut 2']],
  ['cut rows', 'COPY t FROM stdin;\n1\n2', ['1: COPY t FROM stdin <-', 'cut 3', '1 rows "1\\n2"']],
  ['a cut comment', '/* a', ['cut 1']],
]

it.each(CASES)('takes apart %s, in whatever pieces it comes', async (_, sql, units) => {
  const whole = await read(sql, 1 << 20)
  // Rows of a cut script are given before it is known.
  expect(whole.toSorted()).toEqual(units.toSorted())
  for (const bytes of [1, 2, 3, 5, 7, 16]) expect(await read(sql, bytes), `${bytes}`).toEqual(whole)
})
