/** Reads `INFO`: sections of `name:value` lines. What is not there, or no number, is `null`. */

export interface Info {
  text(section: string, name: string): string | null
  number(section: string, name: string): number | null
  /** Whether it is `good`. */
  flag(section: string, name: string, good: string): boolean | null
  /** All of a section, in the server's order. */
  entries(section: string): readonly (readonly [name: string, value: string])[]
}

export function readInfo(answer: string): Info {
  const sections = new Map<string, Map<string, string>>()
  let fields = new Map<string, string>()
  for (const line of answer.split(/\r?\n/)) {
    if (line.startsWith('#')) {
      fields = new Map()
      sections.set(line.slice(1).trim().toLowerCase(), fields)
      continue
    }
    const colon = line.indexOf(':')
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1))
  }
  const text = (section: string, name: string) => sections.get(section)?.get(name) ?? null
  return {
    text,
    number: (section, name) => numberIn(text(section, name)),
    flag(section, name, good) {
      const value = text(section, name)
      return value === null ? null : value === good
    },
    entries: (section) => [...(sections.get(section) ?? [])],
  }
}

/** `a=1,b=2`, as databases, replicas and commands are written. */
export function fieldsOf(value: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    value.split(',').map((pair) => {
      const equals = pair.indexOf('=')
      return [pair.slice(0, equals), pair.slice(equals + 1)]
    }),
  )
}

export function numberIn(text: string | null | undefined): number | null {
  if (text == null || text === '') return null
  const value = Number(text)
  return Number.isFinite(value) ? value : null
}
