/** A database with everything, as statements for a server of some version; and how many rows its tables have. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const read = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8')

/** Debian's, which tests run on where they name no other. */
const USUAL = 15

/** Whoever owns the database may say it. @param major of the server */
export function everything(major = USUAL): string {
  const [always = '', ...later] = read('everything.sql').split(/^-- From (?=\d+ on\.$)/m)
  return [
    always,
    ...later.filter((part) => Number.parseInt(part, 10) <= major).map((part) => `-- ${part}`),
  ].join('')
}

/** On top of it, by a superuser, once there is a role "Кладовщик". It makes no rows. */
export const privileged = (): string => read('privileged.sql')

const ALWAYS = {
  'public.types': 2,
  'Склад "А".Таблица "й" и \'х\'; --': 50,
  'public.customers': 40,
  'public.orders': 200,
  'public.events_2025': 36,
  'public.events_2026': 37,
  'public.events_rest': 28,
  'public.ancestors': 2,
  'public.descendants': 1,
  'public.empty': 0,
  'public.fleeting': 3,
  'public.made': 2,
  'public.hashed_0': 14,
  'public.hashed_1': 6,
  'public.listed_a_old': 7,
  'public.listed_a_new': 13,
  'public.listed_rest': 10,
  'public.refers': 3,
  'public.stays': 2,
}

/** Of each table of `everything`, and of these together. */
export function countsOf(major = USUAL) {
  const of: Record<string, number> = {
    ...ALWAYS,
    ...(major >= 14 && { 'public.newer': 2 }),
    ...(major >= 15 && { 'public.newest': 2 }),
  }
  const counts = Object.values(of)
  return { of, tables: counts.length, rows: counts.reduce((sum, count) => sum + count, 0) }
}
