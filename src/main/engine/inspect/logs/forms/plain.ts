/** Lines that are text: PostgreSQL's, Redis', nginx', syslog's, Python's logging and logfmt, or any with a time before it. */
import type { LogField, LogLevel } from '#shared/model/logs.ts'
import { findLevel, levelOf } from '../levels.ts'
import { findMoment, readMoment, type Zone } from '../moments.ts'
import type { Spoken } from './json.ts'

/** `123:M 28 Nov 2026 04:01:02.123 * Ready`: https://redis.io/docs/latest/operate/oss_and_stack/management/ */
const REDIS = /^\d+:([XCSM]) \d{2} [A-Z][a-z]{2} \d{4} [\d:.]+ ([.\-*#]) /
const REDIS_LEVELS: Readonly<Record<string, LogLevel>> = {
  '.': 'debug',
  '-': 'debug',
  '*': 'info',
  '#': 'warning',
}
const REDIS_ROLES: Readonly<Record<string, string>> = {
  X: 'sentinel',
  C: 'child',
  S: 'replica',
  M: 'primary',
}
/** `2026-11-28 04:01:02.123 UTC [42] app@shop ERROR:  …`: the default of `log_line_prefix`, and most others. */
const POSTGRES =
  /^\S+ \S+ \S+ \[(\d+)(?:-\d+)?\] ?(.{0,80}?)\b(DEBUG[1-5]?|INFO|NOTICE|WARNING|ERROR|LOG|FATAL|PANIC|DETAIL|HINT|STATEMENT|CONTEXT|QUERY|LOCATION): {1,2}/
/** The combined log of nginx and Apache. */
const ACCESS = /^(\S+) \S+ (\S+) \[[^\]]{10,40}\] "([^"]*)" (\d{3}) (\d+|-)/
/** `Nov 28 04:01:02 host program[42]: `; also with an ISO time, as rsyslog writes it by now. */
const SYSLOG =
  /^(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} {1,2}\d{1,2} [\d:]{8}|\d{4}-\d\d-\d\dT\S+) (\S+) ([\w./-]+)(?:\[(\d+)\])?: /
const LOGFMT = /([A-Za-z_][\w.@-]*)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g

export function speakText(text: string, zone: Zone, now: number): Spoken {
  const moment = findMoment(text, zone, now)
  const at = moment?.at ?? null
  const base = { at, detail: null, fields: [] as LogField[] }
  const redis = REDIS.exec(text)
  if (redis !== null) {
    const [head, role = '', sign = ''] = redis
    const message = text.slice(head.length)
    return { ...base, level: REDIS_LEVELS[sign] ?? null, source: REDIS_ROLES[role] ?? null, message }
  }
  const postgres = POSTGRES.exec(text)
  if (postgres !== null) {
    const [head, pid = '', who = '', severity = ''] = postgres
    const fields = [{ name: 'pid', value: pid }]
    const source = who.trim() || null
    const told = levelOf(severity)
    // What belongs to an error and stands alone says so.
    const message = told === null ? `${severity}: ${text.slice(head.length)}` : text.slice(head.length)
    return { ...base, level: told, source, message, fields }
  }
  const access = ACCESS.exec(text)
  if (access !== null) return { ...base, ...accessOf(access), fields: accessFields(access) }
  const logfmt = logfmtOf(text)
  if (logfmt !== null) {
    const level = levelOf(logfmt.get('level') ?? logfmt.get('lvl') ?? logfmt.get('severity'))
    const said = readMoment(logfmt.get('time') ?? logfmt.get('ts') ?? logfmt.get('t'), zone, now)
    const used = new Set(['level', 'lvl', 'severity', 'time', 'ts', 't', 'msg', 'message', 'logger'])
    const fields = [...logfmt].filter(([name]) => !used.has(name)).map(([name, value]) => ({ name, value }))
    const message = logfmt.get('msg') ?? logfmt.get('message') ?? ''
    return { ...base, at: said ?? at, level, source: logfmt.get('logger') ?? null, message, fields }
  }
  const syslog = SYSLOG.exec(text)
  if (syslog !== null) {
    const [head, host = '', program = '', pid] = syslog
    const message = text.slice(head.length)
    const fields = [
      { name: 'host', value: host },
      ...(pid === undefined ? [] : [{ name: 'pid', value: pid }]),
    ]
    return { ...base, level: findLevel(message)?.level ?? null, source: program, message, fields }
  }
  return { ...base, ...ofAny(text, moment?.end ?? 0) }
}

/** What follows the time; a level at its very beginning is told apart, one further in stays where it is. */
function ofAny(text: string, from: number): Pick<Spoken, 'level' | 'source' | 'message'> {
  const rest = text.slice(from).replace(/^[\])\s:|-]+/, '')
  const found = findLevel(rest) ?? findLevel(text.slice(0, from))
  if (found === null) return { level: null, source: null, message: rest }
  const isFirst = rest.slice(0, found.start).trim() === ''
  const message = isFirst ? rest.slice(found.end).replace(/^[\])\s:|>-]+/, '') : rest
  return { level: found.level, source: null, message: message === '' ? rest : message }
}

function accessOf([, , , request = '', status = '']: RegExpExecArray): Pick<
  Spoken,
  'level' | 'source' | 'message'
> {
  const code = Number(status)
  return {
    level: code >= 500 ? 'error' : code >= 400 ? 'warning' : 'info',
    source: null,
    message: `${request} → ${status}`,
  }
}

function accessFields([
  ,
  client = '',
  user = '',
  request = '',
  status = '',
  bytes = '',
]: RegExpExecArray): LogField[] {
  const [method = '', path = ''] = request.split(' ')
  const all = {
    client,
    user: user === '-' ? '' : user,
    method,
    path,
    status,
    bytes: bytes === '-' ? '' : bytes,
  }
  return Object.entries(all).flatMap(([name, value]) => (value === '' ? [] : [{ name, value }]))
}

/** Only where it says a level and a message: pairs alone may be anything. */
function logfmtOf(text: string): Map<string, string> | null {
  if (!/(?:^|\s)(?:level|lvl|severity)=/.test(text) || !/(?:^|\s)(?:msg|message)=/.test(text)) return null
  const pairs = new Map<string, string>()
  for (const [, name = '', quoted, bare] of text.matchAll(LOGFMT)) {
    pairs.set(name, quoted === undefined ? (bare ?? '') : quoted.replaceAll(/\\(.)/g, '$1'))
  }
  return pairs
}
