/**
 * Lines that are JSON objects, by the conventions of structlog, python-json-logger, pino, bunyan, zap, ECS and Docker's own
 * files: where the time, the level, the logger, the message and the traceback are; everything else is a field.
 */
import { LOG_BOUNDS, type LogField, type LogLevel } from '#shared/model/logs.ts'
import { levelOf } from '../levels.ts'
import { readMoment, type Zone } from '../moments.ts'

export interface Spoken {
  readonly at: number | null
  readonly level: LogLevel | null
  readonly source: string | null
  readonly message: string
  readonly detail: string | null
  readonly fields: readonly LogField[]
}

const TIMES = ['timestamp', 'time', 'ts', '@timestamp', 'asctime', 'datetime', 'date', 't', 'created']
const LEVELS = ['level', 'levelname', 'severity', 'log.level', 'lvl', 'loglevel']
const SOURCES = ['logger', 'name', 'logger_name', 'log.logger', 'component', 'module']
const MESSAGES = ['message', 'msg', 'event', 'text', 'log', 'error']
const DETAILS = [
  'traceback',
  'exc_info',
  'exc_text',
  'exception',
  'stack',
  'stack_trace',
  'stacktrace',
  'stack_info',
  'err.stack',
  'error.stack',
  'error.stack_trace',
]

/** `null` where the text is no JSON object. */
export function readObject(text: string): Record<string, unknown> | null {
  if (!text.startsWith('{')) return null
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

export function speakObject(object: Record<string, unknown>, zone: Zone, now: number): Spoken {
  const flat = flatten(object)
  const used = new Set<string>()
  /** The first of the names that says something of the kind that is sought. */
  function take<Value>(names: readonly string[], read: (value: unknown) => Value | null): Value | null {
    for (const name of names) {
      if (used.has(name)) continue
      const value = flat.get(name)
      const found = value === undefined ? null : read(value)
      if (found === null) continue
      used.add(name)
      return found
    }
    return null
  }
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null)
  const at = take(TIMES, (value) => readMoment(value, zone, now))
  const level = take(LEVELS, levelOf)
  const message = take(MESSAGES, text)
  const source = take(SOURCES, text)
  const detail = take(DETAILS, (value) => (typeof value === 'string' && value.includes('\n') ? value : null))
  const fields = [...flat]
    .filter(([name]) => !used.has(name))
    .slice(0, LOG_BOUNDS.fields)
    .map(([name, value]) => ({ name, value: asText(value) }))
  return { at, level, source, message: message ?? '', detail, fields }
}

/** One level of objects within as `a.b`; what is deeper stays JSON. */
function flatten(object: Record<string, unknown>): Map<string, unknown> {
  const flat = new Map<string, unknown>()
  for (const [name, value] of Object.entries(object)) {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [inner, one] of Object.entries(value)) flat.set(`${name}.${inner}`, one)
    } else flat.set(name, value)
  }
  return flat
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}
