/** What is searched for in lines: words that all have to be there, phrases, words that must not, values of fields. Pure. */
import type { LogLine } from '#shared/model/logs.ts'

interface Term {
  readonly text: string
  /** The field that has to hold it; `null`: anywhere. */
  readonly field: string | null
  readonly absent: boolean
}

const TERM = /(-)?(?:([A-Za-z_@][\w.@-]*):)?(?:"([^"]*)"?|(\S+))/g

export interface Search {
  matches(line: LogLine): boolean
  /**
   * Whether lines as they were written could match: a cheap look before a line is read and masked. What is masked becomes
   * marks, which no search finds by itself.
   */
  mayMatch(text: string): boolean
}

export function readSearch(search: string): Search {
  const terms = [...search.matchAll(TERM)].flatMap(([whole, minus, field, phrase, word]): Term[] => {
    // A URL or a time is no field.
    const isField = field !== undefined && !/^\/\//.test(word ?? '')
    const text = (
      isField ? (phrase ?? word ?? '') : (phrase ?? whole.slice(minus === undefined ? 0 : 1))
    ).toLowerCase()
    return text === ''
      ? []
      : [{ text, field: isField ? field.toLowerCase() : null, absent: minus !== undefined }]
  })
  // Masks, escapes and fields make texts that do not stand in the line as it was written.
  const wanted = terms.filter(
    ({ absent, field, text }) => !absent && field === null && /^[a-z0-9 _.,-]+$/.test(text),
  )
  return {
    matches: (line) => {
      if (terms.length === 0) return true
      const all = wholeOf(line)
      return terms.every(({ text, field, absent }) => {
        // `word:word` may also stand in a message as it is.
        const inFields = field !== null && hasField(line, field, text)
        const found = field === null ? all.includes(text) : inFields || all.includes(`${field}:${text}`)
        return found !== absent
      })
    },
    mayMatch: (text) => {
      if (wanted.length === 0) return true
      const lower = text.toLowerCase()
      return wanted.every((term) => lower.includes(term.text))
    },
  }
}

function hasField(line: LogLine, field: string, text: string): boolean {
  if (field === 'level') return line.level === text
  if (field === 'source' || field === 'logger') return (line.source ?? '').toLowerCase().includes(text)
  return line.fields.some(
    ({ name, value }) => name.toLowerCase() === field && value.toLowerCase().includes(text),
  )
}

function wholeOf({ message, detail, source, fields }: LogLine): string {
  const parts = [message, detail ?? '', source ?? '', ...fields.map(({ name, value }) => `${name}=${value}`)]
  return parts.join('\n').toLowerCase()
}
