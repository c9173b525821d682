/** A strict reader of the Prometheus text format 0.0.4: throws at whatever Prometheus itself would refuse, and at more. */

export interface ParsedFamily {
  readonly help: string
  readonly type: string
  readonly samples: { labels: Record<string, string>; value: number }[]
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/y
const NUMBER = /^([+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?|[+-]Inf|NaN)$/i

export function parseExposition(text: string): Map<string, ParsedFamily> {
  if (!text.endsWith('\n')) throw new Error('the last line does not end')
  const families = new Map<string, ParsedFamily>()
  const seen = new Set<string>()
  let current: { name: string; help: string } | null = null
  for (const line of text.slice(0, -1).split('\n')) {
    const help = /^# HELP (\S+) (.*)$/.exec(line)
    const type = /^# TYPE (\S+) (counter|gauge|histogram|summary|untyped)$/.exec(line)
    const sample = SAMPLE.exec(line)
    if (help !== null) {
      const [, name = '', words = ''] = help
      if (!NAME.test(name) || families.has(name)) throw new Error(`HELP of ${name} is bad or comes twice`)
      if (/\\(?![\\n])/.test(words)) throw new Error(`HELP of ${name} is not escaped`)
      current = { name, help: words }
    } else if (type !== null) {
      const [, name = '', kind = ''] = type
      if (current?.name !== name) throw new Error(`TYPE of ${name} does not follow its HELP`)
      // What ends otherwise has its name from the catalogue; the text format allows it, and only OpenMetrics would not.
      if (kind === 'counter' && name !== 'total_alerts_count' && !/_total$/.test(name))
        throw new Error(`the counter ${name} does not end in _total`)
      families.set(name, { help: current.help, type: kind, samples: [] })
    } else if (sample !== null) {
      const [, name = '', labelText = '', value = ''] = sample
      const family = families.get(name)
      if (family === undefined || current?.name !== name)
        throw new Error(`a sample of ${name} outside of its family`)
      if (!NUMBER.test(value)) throw new Error(`${value} is no number: ${line}`)
      if (seen.has(`${name}{${labelText}}`)) throw new Error(`twice the same series: ${line}`)
      seen.add(`${name}{${labelText}}`)
      family.samples.push({ labels: parseLabels(labelText), value: Number(value.replace('Inf', 'Infinity')) })
    } else {
      throw new Error(`not a line of the format: ${line}`)
    }
  }
  for (const [name, { samples }] of families)
    if (samples.length === 0) throw new Error(`${name} has no sample`)
  return families
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {}
  LABEL.lastIndex = 0
  while (LABEL.lastIndex < text.length) {
    const at = LABEL.lastIndex
    const match = LABEL.exec(text)
    if (match === null) throw new Error(`not a label: ${text.slice(at)}`)
    const [, name = '', value = ''] = match
    if (name in labels) throw new Error(`twice the label ${name}`)
    labels[name] = value.replaceAll(/\\([\\"n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped))
  }
  return labels
}
