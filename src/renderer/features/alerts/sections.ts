/** The parts of the alerts' screen, in the order of their keys. */

export const SECTIONS = ['open', 'history', 'silences', 'rules', 'statistics', 'watch', 'handover'] as const
export type Section = (typeof SECTIONS)[number]

/** What a part gets: what follows its name in the address. */
export interface SectionProps {
  readonly item: string | null
}

/** What is not known is the first. */
export function sectionOf(section: string): Section {
  return SECTIONS.find((one) => one === section) ?? 'open'
}
