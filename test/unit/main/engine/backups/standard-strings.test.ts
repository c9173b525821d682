import { expect, it } from 'vitest'
import { standing } from '../../../../../src/main/engine/backups/postgres/standard-strings.ts'
import { entriesOf } from './entries-of.ts'

it.each([
  ['a text with a backslash', String.raw`CHECK (a ~ '^\\d''\'$')`, String.raw`CHECK (a ~ E'^\\d''\'$')`],
  ['one without', `DEFAULT 'it''s'`, `DEFAULT 'it''s'`],
  ['one that says so itself', String.raw`IS E'a\\'`, String.raw`IS E'a\\'`],
  ['one after a word', String.raw`type'\\'`, String.raw`type E'\\'`],
  ['several', String.raw`('\\', 'b', '\\c')`, String.raw`(E'\\', 'b', E'\\c')`],
  ['a name', String.raw`"it's" = '\\' AND "\"`, String.raw`"it's" = E'\\' AND "\"`],
  ['what is between dollars', String.raw`AS $a$ '\\' $$ $a$, '\\'`, String.raw`AS $a$ '\\' $$ $a$, E'\\'`],
  ['a parameter, and a name with a dollar', String.raw`$1 || '\\' || a$b`, String.raw`$1 || E'\\' || a$b`],
  ['a comment', String.raw`-- it's${'\n'}'\\'`, String.raw`-- it's${'\n'}E'\\'`],
])('%s is written to be read with standard strings', (_, written, read) => {
  expect(standing(written)).toBe(read)
})

const dump = (strings: string) => `SET standard_conforming_strings = ${strings};
-- Name: t; Type: TABLE; Schema: public; Owner: o
CREATE TABLE public.t (a text DEFAULT '\\\\d');
`

it.each([
  ['off', `E'\\\\d'`],
  ['on', `'\\\\d'`],
])('entries of a dump with standard strings %s', async (strings, text) => {
  const [entry] = await entriesOf(dump(strings))
  expect(entry?.statements).toEqual([`CREATE TABLE public.t (a text DEFAULT ${text})`])
})
