/** Names in a field of lines, one each: there and back. Pure. */

export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

interface Table {
  readonly schema: string
  readonly name: string
}

/** `schema.table`, as in SQL: a name with a dot or a quote in it stands in quotes. */
const TABLE = /^(?:"((?:[^"]|"")+)"|([^".]+))\.(?:"((?:[^"]|"")+)"|([^".]+))$/

/** A line that names no schema comes out without one: the profile's schema says what is wrong. */
export function tableOf(line: string): Table {
  const found = TABLE.exec(line)
  if (found === null) return { schema: '', name: line }
  const [, quotedSchema, schema = '', quotedName, name = ''] = found
  return {
    schema: quotedSchema?.replaceAll('""', '"') ?? schema,
    name: quotedName?.replaceAll('""', '"') ?? name,
  }
}

export function tableLine({ schema, name }: Table): string {
  return [schema, name].map((one) => (/[".]/.test(one) ? `"${one.replaceAll('"', '""')}"` : one)).join('.')
}
