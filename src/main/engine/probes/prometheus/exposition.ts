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
        const sample = parseSample(name, body.toString('utf8', nameEnd, end))
        if (sample !== null) reader.sample(sample)
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

/** `{label="value",…} 12.5 [timestamp]`, or only the value. */
function parseSample(name: string, rest: string): Sample | null {
  const labelsEnd = rest.startsWith('{') ? endOfLabels(rest) : 0
  if (labelsEnd === null) return null
  const text = rest.slice(labelsEnd).trim().split(/\s+/, 1)[0] ?? ''
  const value = parseValue(text)
  if (value === null) return null
  const labels = rest.slice(0, labelsEnd)
  return { name, value, label: (wanted) => labelOf(labels, wanted) }
}

/** After the closing brace, which may also stand within a value. */
function endOfLabels(rest: string): number | null {
  let quoted = false
  for (let at = 1; at < rest.length; at++) {
    const character = rest[at]
    if (quoted && character === '\\') at++
    else if (character === '"') quoted = !quoted
    else if (!quoted && character === '}') return at + 1
  }
  return null
}

/** Each begins where the last one ended: a search from every character of a long line would take its length squared. */
const LABEL = /[{,\s]*([A-Za-z_][A-Za-z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"/y

function labelOf(labels: string, wanted: string): string | undefined {
  // Most labels asked for are not there: that is seen at a glance.
  if (!labels.includes(wanted)) return undefined
  LABEL.lastIndex = 0
  for (let found = LABEL.exec(labels); found !== null; found = LABEL.exec(labels)) {
    if (found[1] !== wanted) continue
    const value = found[2] ?? ''
    return value.includes('\\')
      ? value.replace(/\\(["\\n])/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped))
      : value
  }
  return undefined
}

/** A sample's value, which may be infinite; `null` where it is no number, or the exposition's `NaN`. */
function parseValue(text: string): number | null {
  if (/^\+?inf(inity)?$/i.test(text)) return Number.POSITIVE_INFINITY
  if (text === '' || !/^[+-]?[\d.]/.test(text)) return null
  const value = Number(text)
  return Number.isNaN(value) ? null : value
}
