/** What a statement out of a dump is made of, as far as has to be known before it is said: whether it is one, whether it changes one thing, and what reads its values. Pure. */

/** As the server tells them apart: texts, names, words, numbers, and all else by itself. */
const PIECE =
  /"(?:[^"]|"")*"|[eE]?'(?:[^']|'')*'|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\d+|--|\/\*|[\s\S]/g
/** Its end is where it seems to be, whether or not a backslash escapes what follows it. */
const TEXT = /^[eE]?'(?:[^'\\]|''|\\[\s\S])*'$/
/** What hides the rest, or may. */
const HIDES: ReadonlySet<string> = new Set(['--', '/*', '$', '"', "'", "E'", "e'"])

function piecesOf(statement: string): string[] {
  return [...statement.matchAll(PIECE)].map(([piece]) => piece)
}

/** Whether it changes one thing: after a comma such a statement goes on to another. */
export function changesOne(statement: string): boolean {
  let depth = 0
  for (const piece of piecesOf(statement)) {
    if (HIDES.has(piece) || (isText(piece) && !TEXT.test(piece))) return false
    if (piece === '(' || piece === '[') depth++
    else if (piece === ')' || piece === ']') depth--
    else if (piece === ',' && depth < 1) return false
  }
  return depth === 0
}

/** Whether it is one statement, also where another one follows it: all sessions of ours have `standard_conforming_strings`. */
export function isAlone(statement: string): boolean {
  return piecesOf(statement).every(
    (piece) => piece !== ';' && !HIDES.has(piece) && !(/^[eE]'/.test(piece) && !TEXT.test(piece)),
  )
}

/** Types of which PostgreSQL reads a value with nothing of anybody's. `pg_catalog` comes first wherever such a statement is said, so none stands before these. */
const PLAIN_TYPES: ReadonlySet<string> = new Set([
  ...['text', 'character', 'name', '"char"', 'bytea', 'uuid', 'boolean', 'bit', 'regclass', 'regconfig'],
  ...['smallint', 'integer', 'bigint', 'numeric', 'real', 'double', 'json', 'jsonb', 'inet', 'cidr'],
  ...['date', 'time', 'timestamp', 'interval'],
])
/** A value that stands behind one of these has no type yet; behind a name it has that for one. */
const BEFORE_VALUE: ReadonlySet<string> = new Set('(,[=<>+-*/~!@#%^&|?'.split(''))
/** Words of the grammar, unless they are the second part of a name. */
const WORDS_BEFORE_VALUE: ReadonlySet<string> = new Set(['DEFAULT', 'THEN', 'ELSE'])

/**
 * Whether reading its values runs nothing but what is PostgreSQL's own. A text becomes a value of its type as a statement is read, before anything is done with it: of an array, a row
 * or a range with a domain within, that runs the domain's check. So each has to be of a type that has no such thing, or be a trigger's argument.
 */
export function readsPlainly(statement: string): boolean {
  // Has a text, and no values.
  if (statement.startsWith('COMMENT ON ')) return true
  const pieces = piecesOf(statement).filter((piece) => /\S/.test(piece))
  const end = pieces.length - lengthOfArguments(pieces)
  return pieces.every((piece, at) => {
    if (HIDES.has(piece)) return false
    if (!isText(piece) || at >= end) return true
    const [before = '', ofBefore = ''] = [pieces[at - 1], pieces[at - 2]]
    const isUntyped = BEFORE_VALUE.has(before) || (WORDS_BEFORE_VALUE.has(before) && ofBefore !== '.')
    const [first, second, type = '', behind] = pieces.slice(at + 1, at + 5)
    return isUntyped && first === ':' && second === ':' && PLAIN_TYPES.has(type) && behind !== '.'
  })
}

/** Of what a trigger is given, at the very end: `EXECUTE FUNCTION app.f('a', 'b')`; none: it is no trigger, or is given something else. */
function lengthOfArguments(pieces: readonly string[]): number {
  const open = pieces.lastIndexOf('(')
  const given = pieces.slice(open + 1, -1)
  const isCalled = pieces[open - 4] === 'FUNCTION' || pieces[open - 4] === 'PROCEDURE'
  const isAll = given.every((piece, at) => (at % 2 === 0 ? isText(piece) : piece === ','))
  const isTrigger = pieces[0] === 'CREATE' && pieces[open - 5] === 'EXECUTE' && pieces[open - 2] === '.'
  return isTrigger && isCalled && isAll && pieces.at(-1) === ')' ? given.length + 1 : 0
}

function isText(piece: string): boolean {
  return piece.endsWith("'")
}
