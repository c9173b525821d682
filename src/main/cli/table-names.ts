/** Tables as people name them on the command line: `orders,sales.items,"Склад ""А"""."Ящик"`. Pure. */
import { CommandFailure, EXIT } from './exit-codes.ts'

const WORD = `(?:"(?:[^"]|"")+"|[^".,\\s]+)`
const TABLE = new RegExp(`^\\s*(?:(${WORD})\\.)?(${WORD})\\s*(?:,|$)`)

/** Without a schema it is `public`. Quotes as in SQL, where a name has a dot or a comma; letters stay as they are written. */
export function tableNamesGiven(text: string): { schema: string; name: string }[] {
  const tables: { schema: string; name: string }[] = []
  for (let rest = text; rest.trim() !== '' || tables.length === 0; ) {
    const [whole, schema = 'public', name] = TABLE.exec(rest) ?? []
    if (whole === undefined || name === undefined)
      throw new CommandFailure(
        EXIT.usage,
        `--table expects tables such as public.orders,sales.items (quotes as in SQL); "${text}" was given.`,
      )
    tables.push({ schema: bare(schema), name: bare(name) })
    rest = rest.slice(whole.length)
  }
  return tables
}

function bare(word: string): string {
  return word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word
}
