/** The database that a drill restores a dump into: as the dump says that its own was made. */
import type { Client } from 'pg'
import { createFrom, type DatabaseEntries } from './database-entries.ts'

type Create = DatabaseEntries['create']

/** `invalid locale name`, a locale of the same name with another encoding, a server built without the provider. */
const WITHOUT_LOCALE: ReadonlySet<string> = new Set(['42809', '22023', '0A000'])

/**
 * Order and kinds of letters are of the locale that a database was made with. Where the server has not got that, the nearest one takes its place: what does
 * not depend on it is proven all the same.
 * @returns the locale that is not there; `null`: it is
 */
export async function makeDrillDatabase(
  client: Pick<Client, 'query'>,
  name: string,
  create: Create,
  version: number,
): Promise<string | null> {
  const [own, ...nearest] = localesToTry(create)
  try {
    await client.query(createFrom({ create: own, owner: null }, name, version))
    return null
  } catch (error) {
    if (!isWithoutLocale(error)) throw error
    for (const one of nearest) {
      try {
        await client.query(createFrom({ create: one, owner: null }, name, version))
        return localeOf(create)
      } catch (another) {
        if (!isWithoutLocale(another)) throw another
      }
    }
    throw error
  }
}

/** Its own, then those that are nearest to it. Pure. */
export function localesToTry(create: Create): [Create, ...Create[]] {
  const { ENCODING } = create
  const encoding = ENCODING === undefined ? {} : { ENCODING }
  const unicode = ENCODING === `'UTF8'` ? [{ ...encoding, LOCALE: `'C.UTF-8'` }] : []
  return [create, ...unicode, { ...encoding, LOCALE: `'C'` }]
}

/** As people call it. Pure. */
export function localeOf({ BUILTIN_LOCALE, ICU_LOCALE, LOCALE, LC_COLLATE, LC_CTYPE }: Create): string {
  const written = BUILTIN_LOCALE ?? ICU_LOCALE ?? LOCALE ?? LC_COLLATE ?? LC_CTYPE ?? ''
  return written.replace(/^'(.*)'$/s, '$1').replaceAll("''", "'")
}

function isWithoutLocale(error: unknown): boolean {
  return error instanceof Error && 'code' in error && WITHOUT_LOCALE.has(String(error.code))
}
