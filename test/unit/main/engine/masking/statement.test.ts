import { describe, expect, it } from 'vitest'
import { maskStatement } from '../../../../../src/main/engine/masking/statement.ts'

describe('masking statements', () => {
  it.each([
    ['strings', "select * from users where email = 'a@b.c'", 'select * from users where email = ?'],
    ['doubled quotes', "select 'it''s a secret', x", 'select ?, x'],
    ['escape strings', "select E'it\\'s secret', y", 'select ?, y'],
    ['escaped backslashes at the end', "select e'C:\\\\', 'secret', z", 'select ?, …, z'],
    ['national, bit and Unicode strings', "select N'a', B'101', X'ff', U&'d\\0061t'", 'select ?, …'],
    ['typed literals', "select date'2026-01-01', interval '1 day'", 'select date?, interval ?'],
    ['dollar quotes', 'select $$secret$$, $tag$ also $$ secret $tag$, x', 'select ?, …, x'],
    [
      'parameters are kept',
      'select * from t where a = $1 and b = $12',
      'select * from t where a = $1 and b = $12',
    ],
    ['dollars within identifiers', 'select a$b$c from t$1', 'select a$b$c from t$1'],
    [
      'numbers',
      'select 1, -2.5, .5, 1e10, 6.02E+23, 0xDEADbeef, 0b11, 1_000_000 from t1',
      'select ?, -?, … from t1',
    ],
    ['numbers beside operators', 'select a+1-b2*3.5', 'select a+?-b2*?'],
    [
      'quoted identifiers are kept',
      'select "Weird ""name"" 1" from "T 2"',
      'select "Weird ""name"" 1" from "T 2"',
    ],
    ['line comments', 'select 1 -- password is hunter2\nfrom t', 'select ? from t'],
    ['nested block comments', 'select /* a /* user=42 */ b */ x', 'select x'],
    ['quotes within comments', "select /* it's */ 'x' -- don't\n, y", 'select ? , y'],
    ['comment marks within strings', "select '--', '/*', x", 'select ?, …, x'],
    ['casts', "select '42'::int, x::text", 'select ?::int, x::text'],
    [
      'json paths',
      "select data->>'email' from t where data @> '{\"pin\": 1234}'",
      'select data->>? from t where data @> ?',
    ],
    ['lists', 'select * from t where id in (1, 2, 3, 4)', 'select * from t where id in (?, …)'],
    ['rows', "insert into t values (1, 'a'), (2, 'b'), (3, 'c')", 'insert into t values (?, …), …'],
    ['passwords', "alter role app with password 'hunter2'", 'alter role app with password ?'],
    ['own settings without quotes', 'set app.token = hunter2', 'set app.token = ?'],
    ['own settings with TO', 'SET LOCAL app.user TO mallory', 'SET LOCAL app.user TO ?'],
    ['other settings are kept', 'set search_path to shop', 'set search_path to shop'],
    [
      'names in other scripts',
      "select имя from заказы where город = 'Тверь'",
      'select имя from заказы where город = ?',
    ],
    ['white space', "select\n\t 1 ,\n  'a'", 'select ?, …'],
    ['nothing', '', ''],
  ])('%s', (_, statement, masked) => {
    expect(maskStatement(statement)).toBe(masked)
  })

  it.each([
    ['a string that is cut', "select * from t where a = 'my secr"],
    ['an escape string that is cut', "select E'my secr\\"],
    ['a dollar quote that is cut', 'do $body$ begin perform secr'],
    ['a comment that is cut', 'select 1 /* secr'],
    ['an identifier that is cut', 'select "secr'],
    ['a string whose end is in doubt', "select 'C:\\', 'secr'"],
    ['a continued escape string', "select E'a'\n'b\\' secr'"],
    ['text after a dollar tag within a string', "select '$x$', $x$ secr $x$"],
    ['a dollar tag with a quote in it', "select $x$ ' $x$, 'secr'"],
  ])('keeps nothing secret of %s', (_, statement) => {
    expect(maskStatement(statement)).not.toContain('secr')
  })

  it('keeps no digit and no planted word wherever a statement is cut', () => {
    const statement = `/* secretA */ select E'secretB\\'', $q$secretC$q$, 'secretD''x', 90210 -- secretE
      from t where a = U&'secretF' and b in (31337, 'secretG')`
    for (let length = 1; length <= statement.length; length++) {
      expect(maskStatement(statement.slice(0, length))).not.toMatch(/secret|\d/)
    }
  })

  it('cuts long statements and stays linear on hostile ones', () => {
    expect(maskStatement(`select ${'column_name, '.repeat(500)}x`, 100)).toHaveLength(100)
    const began = performance.now()
    for (const hostile of ["'".repeat(20_001), '/*'.repeat(10_000), '$'.repeat(20_000), '('.repeat(20_000)]) {
      maskStatement(hostile)
    }
    expect(performance.now() - began).toBeLessThan(2_000)
  })
})
