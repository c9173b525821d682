/** Names as `pg_dump` writes them: bare where they need no quotes. Pure. */

/** One name, for a regular expression; it has no groups. */
export const NAME = `(?:"(?:[^"]|"")+"|[\\w$]+)`

export function nameRead(written: string): string {
  return written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written
}

/** Of a list with commas between them. */
export function namesRead(written: string): string[] {
  return [...written.matchAll(new RegExp(NAME, 'g'))].map(([name]) => nameRead(name))
}
