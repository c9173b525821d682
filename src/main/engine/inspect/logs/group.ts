/** Which lines are one thing: an error and its traceback, a PostgreSQL error and its statement. Pure. */
import type { RawLine, RawRecord } from './raw.ts'

/** What begins no line of its own, though it is not indented. */
const GOES_ON =
  /^(?:Traceback \(most recent call last\)|During handling of the above exception|The above exception was the direct cause|Caused by: |Suppressed: |\.\.\. \d+ more|[A-Za-z_][\w.]*(?:Error|Exception|Warning|Interrupt|Exit|Timeout|Failure)(?::|$)|[\])}]+[,;]?$|\+-+|\| )/
const POSTGRES_MORE = /\[(\d+)(?:-\d+)?\].{0,80}?(?:DETAIL|HINT|STATEMENT|CONTEXT|QUERY|LOCATION): {1,2}/
const POSTGRES_PID = /\[(\d+)(?:-\d+)?\].{0,80}?(?:[A-Z]+\d?): {1,2}/
/** As many lines as anybody reads of one thing; what follows begins anew. */
const MOST_LINES = 300

/** Whether a line belongs to the one before it. */
export function goesOn(text: string, before: string): boolean {
  if (text === '' || /^\s/.test(text) || GOES_ON.test(text)) return true
  const more = POSTGRES_MORE.exec(text.slice(0, 200))
  return more !== null && POSTGRES_PID.exec(before.slice(0, 200))?.[1] === more[1]
}

export interface Grouped {
  /** Lines at the beginning that belong to something before them. */
  readonly loose: readonly RawLine[]
  readonly records: readonly RawRecord[]
}

export function group(lines: readonly RawLine[]): Grouped {
  const loose: RawLine[] = []
  const records: [RawLine, ...RawLine[]][] = []
  for (const line of lines) {
    const current = records.at(-1)
    if (current !== undefined && current.length < MOST_LINES && goesOn(line.text, current[0].text)) {
      current.push(line)
    } else if (current === undefined && goesOn(line.text, '')) loose.push(line)
    else records.push([line])
  }
  return { loose, records }
}
