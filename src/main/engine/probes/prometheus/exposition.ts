/**
 * Reads a Prometheus exposition sample by sample, straight from its bytes: memory does not grow with its size.
 * Formats: https://prometheus.io/docs/instrumenting/exposition_formats/, and OpenMetrics 1.0 beside it, of which exemplars,
 * units and the time of creation are passed over.
 */
const NEWLINE = 10
const HASH = 35
const BRACE = 123
const SPACE = 32
const TAB = 9
const RETURN = 13
const QUOTE = 34
const COMMA = 44
const BACKSLASH = 92
const CLOSING_BRACE = 125
/** A longer line is not a sample that we would want. */
const LONGEST_LINE = 16 * 1024

export interface Sample {
  readonly name: string
  readonly value: number
  /** The value of a label; labels are read only where they are asked for. */
  label(name: string): string | undefined
}

export interface ExpositionReader {
  wanted(name: string): boolean
  sample(sample: Sample): void
  /** A family is declared by a `TYPE` line (`counter`, `gauge` …): it may have no sample yet. */
  declared(name: string, type: string): void
}

/**
 * Hands every sample whose name is wanted, and every declared family, to the reader.
 * @returns how many samples there were in all; 0 says that this is no exposition
 */
export function readExposition(body: Buffer, reader: ExpositionReader): number {
  const known = new Map<string, boolean>()
  let samples = 0
  for (let start = 0; start < body.length; ) {
    const newline = body.indexOf(NEWLINE, start)
    const end = newline === -1 ? body.length : newline
    const next = end + 1
    if (body[start] !== HASH && end - start > 2 && end - start <= LONGEST_LINE) {
      const nameEnd = endOfName(body, start, end)
      const name = body.toString('latin1', start, nameEnd)
      let interesting = known.get(name)
      if (interesting === undefined) {
        interesting = isMetricName(name) && nameEnd < end && reader.wanted(name)
        // Names are few; a body that makes them up one by one must not fill the map.
        if (known.size < 20_000) known.set(name, interesting)
      }
      if (interesting) {
        readSample(name, body.toString('utf8', nameEnd, end), reader)
      }
      if (nameEnd < end && /[A-Za-z_:]/.test(name.charAt(0))) samples++
    }
    if (body[start] === HASH && end - start <= LONGEST_LINE) {
      const line = body.toString('latin1', start, Math.min(end, start + 300))
      const [, name, type] = /^# TYPE (\S+) (\w+)/.exec(line) ?? []
      if (name !== undefined && type !== undefined) {
        samples++
        reader.declared(name, type)
      }
    }
    start = next
  }
  return samples
}

function endOfName(body: Buffer, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    const byte = body[at]
    if (byte === BRACE || byte === SPACE || byte === TAB) return at
  }
  return end
}

function isMetricName(name: string): boolean {
  return /^[A-Za-z_:][A-Za-z0-9_:]*$/.test(name)
}

/** Hands `{label="value",…} 12.5 [timestamp]`, or only the value, to the reader. */
function readSample(name: string, rest: string, reader: ExpositionReader): void {
  const labelsEnd = rest.startsWith('{') ? endOfLabels(rest) : 0
  if (labelsEnd === null) return
  let start = labelsEnd
  while (isBlank(rest.charCodeAt(start))) start++
  let end = start
  while (end < rest.length && !isBlank(rest.charCodeAt(end))) end++
  const value = parseValue(rest.slice(start, end))
  if (value !== null) reader.sample({ name, value, label: (wanted) => labelOf(rest, labelsEnd, wanted) })
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB || code === RETURN
}

/** After the closing brace, which may also stand within a value. */
function endOfLabels(rest: string): number | null {
  for (let at = 1; at < rest.length; at++) {
    const code = rest.charCodeAt(at)
    if (code === CLOSING_BRACE) return at + 1
    if (code === QUOTE) at = endOfValue(rest, at + 1)
  }
  return null
}

/** The quote that ends a value; the end of the line where none does. */
function endOfValue(rest: string, from: number): number {
  let at = from
  for (; at < rest.length; at++) {
    const code = rest.charCodeAt(at)
    if (code === QUOTE) break
    if (code === BACKSLASH) at++
  }
  return at
}

/** Walks from label to label and takes out none but the one that is wanted: there are hundreds of thousands in a minute. */
function labelOf(rest: string, labelsEnd: number, wanted: string): string | undefined {
  // Most labels asked for are not there: that is seen at a glance.
  if (!rest.includes(wanted)) return undefined
  for (let at = 1; at < labelsEnd - 1; ) {
    const code = rest.charCodeAt(at)
    if (code === COMMA || isBlank(code)) {
      at++
      continue
    }
    const equals = rest.indexOf('=', at)
    const quote = equals === -1 ? -1 : rest.indexOf('"', equals)
    if (quote === -1) return undefined
    const end = endOfValue(rest, quote + 1)
    if (rest.startsWith(wanted, at) && rest.slice(at + wanted.length, equals).trim() === '') {
      return unescaped(rest.slice(quote + 1, end))
    }
    at = end + 1
  }
  return undefined
}

function unescaped(value: string): string {
  if (!value.includes('\\')) return value
  return value.replace(/\\(["\\n])/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped))
}

/** A sample's value, which may be infinite; `null` where it is no number, or the exposition's `NaN`. */
function parseValue(text: string): number | null {
  if (/^\+?inf(inity)?$/i.test(text)) return Number.POSITIVE_INFINITY
  if (text === '' || !/^[+-]?[\d.]/.test(text)) return null
  const value = Number(text)
  return Number.isNaN(value) ? null : value
}
