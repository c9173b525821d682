/** The journal of systemd, through `journalctl`: a page at a time, by its own cursors. */
import type { LogField } from '#shared/model/logs.ts'
import { failed } from '../../../reach/failed.ts'
import { ofPriority } from '../levels.ts'
import { readZone, UTC, type Zone } from '../moments.ts'
import type { RawLine } from '../raw.ts'
import {
  type Errand,
  ForeignCursor,
  MARGIN_BYTES,
  REMOTE_SECONDS,
  type Reading,
  type Start,
} from '../reader.ts'

const FIRST_LINES = 300
const MOST_LINES = 3_000
const MOST_BYTES = 3 * 1024 * 1024

/** It reads and writes to a pipe that ends after so many lines or bytes; it does not follow. */
const SCRIPT = `
LC_ALL=C; export LC_ALL
lines=$1 bytes=$2; shift 2
bounded() { if command -v timeout >/dev/null 2>&1; then timeout -k 1 ${REMOTE_SECONDS} "$@"; else "$@"; fi; }
date '+%z %Z'; id -un
command -v journalctl >/dev/null 2>&1 || exit 127
bounded journalctl --output=json --all --no-pager "$@" | head -n "$lines" | head -c "$bytes"`

/** Of the journal's own fields those that say who; a command line is not among them: it may hold a secret. */
const OWN_FIELDS = new Set(['_PID', '_HOSTNAME', '_SYSTEMD_UNIT'])
const SAID_ELSEWHERE =
  /^(?:MESSAGE|PRIORITY|SYSLOG_(?:IDENTIFIER|FACILITY|TIMESTAMP|RAW|PID)|CODE_.*|TID|INVOCATION_ID|JOB_.*)$/

interface Entry {
  readonly cursor: string
  readonly at: number
  readonly line: RawLine
}

export function readJournal(errand: Errand, unit: string, start: Start): Reading {
  const { direction } = start
  let at = start.cursor === null ? null : readCursor(start.cursor)
  let count = FIRST_LINES
  let zone: Zone = UTC
  let grant: string | null = null
  let begun = false

  function place(): string[] {
    const way = direction === 'older' ? ['--reverse'] : []
    if (at !== null) return [...way, `--cursor=${at}`]
    if (start.at === null) return way
    const seconds = start.at / 1_000
    return direction === 'older'
      ? [...way, `--until=@${Math.ceil(seconds)}`]
      : [...way, `--since=@${Math.floor(seconds)}`]
  }

  async function ask(): Promise<{ entries: Entry[]; bytes: number }> {
    const argv = ['sh', '-c', SCRIPT, 'sh', String(count), String(MOST_BYTES), `--unit=${unit}`, ...place()]
    const { session, signal, remainingMs } = errand
    const limits = { signal, timeoutMs: remainingMs(), maxBytes: MOST_BYTES + MARGIN_BYTES }
    const { stdout, stderr, output, code } = await session.run(argv, limits)
    const [date = '', user = '?', ...lines] = stdout.split('\n')
    zone = readZone(date)
    if (code === 127) throw failed(errand.place, 'protocol', 'log-program-missing', { program: 'journalctl' })
    const isHidden = /insufficient permissions|not seeing messages from other users/i.test(stderr)
    if (isHidden) grant = `sudo usermod -aG systemd-journal ${user}`
    const entries = lines.flatMap(entryOf)
    const words = stderr.trim().split('\n').at(-1) ?? ''
    if (entries.length === 0 && grant !== null) {
      throw failed(errand.place, 'privilege', 'log-forbidden', { path: unit, user, grant })
    }
    if (entries.length === 0 && /^Failed to (?:seek|parse)/i.test(words)) throw new ForeignCursor()
    if (entries.length === 0 && /^(?:Failed|No journal files were (?:found|opened))/i.test(words)) {
      throw failed(errand.place, 'protocol', 'log-unreadable', { path: unit, words: words.slice(0, 200) })
    }
    return { entries, bytes: output.length }
  }

  return {
    async next() {
      const from = at
      const { entries, bytes } = await ask()
      const full = entries.length >= count || bytes >= MOST_BYTES
      count = Math.min(MOST_LINES, count * 3)
      const first = entries[0]
      // What a cursor names was removed meanwhile: the journal goes on with what is nearest.
      const gap = !begun && from !== null && first !== undefined && first.cursor !== from
      const isOverlap = from !== null && first?.cursor === from && (direction === 'older' || begun)
      begun = true
      const fresh = isOverlap ? entries.slice(1) : entries
      const wanted =
        start.at === null || from !== null ? fresh : fresh.filter((entry) => isBeyond(entry, start))
      at = entries.at(-1)?.cursor ?? at
      const lines = wanted.map(({ line }) => line)
      return {
        lines: direction === 'older' ? lines.reverse() : lines,
        end: !full,
        gap,
        bytes,
      }
    },
    zone: () => zone,
    edge: () => null,
    grant: () => grant,
    leftOut: () => [],
  }
}

function isBeyond({ at }: Entry, start: Start): boolean {
  return start.direction === 'older' ? at < (start.at ?? 0) : at >= (start.at ?? 0)
}

function readCursor(cursor: string): string {
  const match = /^j:([A-Za-z0-9=;]{10,300})$/.exec(cursor)
  if (match?.[1] === undefined) throw new ForeignCursor()
  return match[1]
}

/** https://systemd.io/JOURNAL_EXPORT_FORMATS/#journal-json-format */
function entryOf(text: string): Entry[] {
  if (!text.startsWith('{')) return []
  let entry: Record<string, unknown>
  try {
    entry = JSON.parse(text) as Record<string, unknown>
  } catch {
    // The last one may be cut.
    return []
  }
  const cursor = entry.__CURSOR
  const at = Math.floor(Number(entry.__REALTIME_TIMESTAMP) / 1_000)
  if (typeof cursor !== 'string' || !Number.isFinite(at)) return []
  const source = textOf(entry.SYSLOG_IDENTIFIER) || textOf(entry._COMM)
  const fields = Object.entries(entry).flatMap(([name, value]): LogField[] => {
    const isOwn = name.startsWith('_')
    return (isOwn && !OWN_FIELDS.has(name)) || SAID_ELSEWHERE.test(name)
      ? []
      : [{ name, value: textOf(value) }]
  })
  const told = { at, level: ofPriority(entry.PRIORITY), source: source === '' ? null : source, fields }
  return [{ cursor, at, line: { position: `j:${cursor}`, text: textOf(entry.MESSAGE), told, piece: false } }]
}

/** A value that is no text is a list of its bytes; of one that stands several times, the last. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return ''
  if (value.every((one) => typeof one === 'number')) return Buffer.from(value as number[]).toString('utf8')
  return textOf(value.at(-1))
}
