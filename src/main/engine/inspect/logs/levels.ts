/** Levels as programs name and number them. */
import { LOG_LEVELS, type LogLevel } from '#shared/model/logs.ts'

const NAMES: Readonly<Record<string, LogLevel>> = {
  trace: 'debug',
  debug: 'debug',
  debug1: 'debug',
  debug2: 'debug',
  debug3: 'debug',
  debug4: 'debug',
  debug5: 'debug',
  verbose: 'debug',
  info: 'info',
  information: 'info',
  notice: 'info',
  log: 'info',
  default: 'info',
  warn: 'warning',
  warning: 'warning',
  error: 'error',
  err: 'error',
  severe: 'error',
  critical: 'critical',
  crit: 'critical',
  fatal: 'critical',
  panic: 'critical',
  alert: 'critical',
  emerg: 'critical',
  emergency: 'critical',
}

/** `WARN`, `warning`, pino's and bunyan's 40, Python's 40 where the whole scale is Python's is not told apart: see `numbered`. */
export function levelOf(value: unknown): LogLevel | null {
  if (typeof value === 'number') return numbered(value)
  if (typeof value !== 'string') return null
  const name = value.trim().toLowerCase()
  return Object.hasOwn(NAMES, name)
    ? (NAMES[name] ?? null)
    : /^\d{1,2}$/.test(name)
      ? numbered(Number(name))
      : null
}

/** pino and bunyan: 10 trace … 60 fatal. */
function numbered(value: number): LogLevel | null {
  if (value < 10 || value > 60) return null
  if (value < 30) return 'debug'
  if (value < 40) return 'info'
  if (value < 50) return 'warning'
  return value < 60 ? 'error' : 'critical'
}

/** syslog's severities, as the journal's `PRIORITY` has them: 0 emergency … 7 debug. */
export function ofPriority(value: unknown): LogLevel | null {
  const priority = Number(value)
  if (value === undefined || value === null || !Number.isInteger(priority) || priority < 0 || priority > 7)
    return null
  if (priority <= 2) return 'critical'
  if (priority === 3) return 'error'
  if (priority === 4) return 'warning'
  return priority === 7 ? 'debug' : 'info'
}

const WORD =
  /(?:^|[\s[(<|:="'])(TRACE|DEBUG[1-5]?|VERBOSE|INFO|NOTICE|LOG|WARN(?:ING)?|ERROR|ERR|SEVERE|CRIT(?:ICAL)?|FATAL|PANIC|ALERT|EMERG(?:ENCY)?)(?=$|[\s\])>|:,="'])/
const BRACKETED =
  /[[<(|](trace|debug|info|notice|warn(?:ing)?|error|err|crit(?:ical)?|fatal|panic|alert|emerg)[\])>|]/i

/** A level that stands as a word of its own near the beginning of a line; in lower case only in brackets. */
export function findLevel(
  text: string,
): { readonly level: LogLevel; readonly end: number; readonly start: number } | null {
  const head = text.slice(0, 120)
  const match = WORD.exec(head) ?? BRACKETED.exec(head)
  const level = levelOf(match?.[1])
  if (match === null || level === null) return null
  return { level, start: match.index, end: match.index + match[0].length }
}

export function isAtLeast(level: LogLevel | null, least: LogLevel): boolean {
  return level !== null && LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least)
}
