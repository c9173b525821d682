/** The parts of the database's screen, and the place of each in the address: `statements`, or `activity:42` for a backend. */

export const SECTIONS = ['activity', 'statements', 'connections', 'replication', 'vacuum', 'tables'] as const
export type Section = (typeof SECTIONS)[number]

export interface DatabasePlace {
  readonly section: Section
  /** The backend that is looked for. */
  readonly pid: number | null
}

/** @param part what follows `database/` in the address; what is not known is the first section */
export function placeOf(part: string | null): DatabasePlace {
  const [name = '', rest = ''] = (part ?? '').split(':')
  const section = SECTIONS.find((one) => one === name) ?? 'activity'
  const pid = section === 'activity' && /^[1-9]\d{0,9}$/.test(rest) ? Number(rest) : null
  return { section, pid }
}
