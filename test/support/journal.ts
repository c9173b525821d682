/**
 * A real journal in a file of its own, written by systemd's own program, and how a process sees it as the machine's: in a
 * mount namespace. Linux, as root, with `journalctl` and `systemd-journal-remote`.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram } from '../../demo/servers/programs.ts'
import { createTemporaryDirectory } from '../../demo/servers/temporary-directory.ts'

const WRITER = '/usr/lib/systemd/systemd-journal-remote'

export interface JournalEntry {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly message: string | Buffer
  readonly unit: string
  readonly priority?: number
  readonly fields?: Readonly<Record<string, string>>
}

export interface Journal {
  /** What a program is run by, so that it sees this journal. */
  readonly inside: readonly string[]
  append(entries: readonly JournalEntry[]): void
  remove(): Promise<void>
}

/** Why there is none here, for the names of tests; `null` where there is. */
export const cannotKeepJournal = whyNot()

export function createJournal(): Journal {
  const home = createTemporaryDirectory('journal')
  const machine = readFileSync('/etc/machine-id', 'utf8').trim()
  const directory = join(home.path, machine)
  mkdirSync(directory)
  let files = 0
  return {
    inside: [
      'unshare',
      '--mount',
      'sh',
      '-c',
      'directory=$1; shift; mount -t tmpfs none /var/log && mkdir /var/log/journal && mount --bind "$directory" /var/log/journal && exec "$@"',
      'sh',
      home.path,
    ],
    append(entries) {
      files += 1
      const exported = join(home.path, `export-${files}`)
      writeFileSync(exported, Buffer.concat(entries.map((entry) => written(entry, machine))))
      const file = join(directory, files === 1 ? 'system.journal' : `system@${files}.journal`)
      execFileSync(WRITER, ['-o', file, exported], { stdio: 'pipe' })
    },
    remove: () => home.remove(),
  }
}

/** https://systemd.io/JOURNAL_EXPORT_FORMATS/#journal-export-format */
function written({ at, message, unit, priority = 6, fields = {} }: JournalEntry, machine: string): Buffer {
  const head = {
    __REALTIME_TIMESTAMP: String(at * 1_000),
    __MONOTONIC_TIMESTAMP: String((at % 1e9) * 1_000),
    _BOOT_ID: 'b'.repeat(32),
    _MACHINE_ID: machine,
    _HOSTNAME: 'box',
    _PID: '42',
    _SYSTEMD_UNIT: unit,
    _CMDLINE: '/usr/bin/api --password hunter2hunter2',
    SYSLOG_IDENTIFIER: unit.replace('.service', ''),
    PRIORITY: String(priority),
    ...fields,
  }
  const lines = Object.entries(head).map(([name, value]) => `${name}=${value}\n`)
  const bytes = Buffer.from(message)
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(bytes.length))
  return Buffer.concat([Buffer.from(`${lines.join('')}MESSAGE\n`), length, bytes, Buffer.from('\n\n')])
}

function whyNot(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'a mount namespace takes root, on Linux'
  if (findProgram('journalctl') === null || !existsSync('/etc/machine-id')) return 'there is no journalctl'
  return existsSync(WRITER) ? null : 'systemd-journal-remote is not installed'
}
