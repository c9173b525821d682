/** The names of what is being written: they tell which backup it becomes, and who writes it. Pure. */

export interface Writer {
  readonly host: string
  readonly pid: number
  /** Its console's id; `null`: it did not say. */
  readonly console: string | null
}

/** A process of this machine, as its name can be part of another. */
export function writerOf(hostname: string, pid: number, console: string): Writer {
  const plain = (name: string) => name.replaceAll(/[,/]/g, '_').slice(0, 64) || '_'
  return { host: plain(hostname), pid, console: plain(console) }
}

export interface DraftName extends Writer {
  readonly id: string
}

/** Ids of backups: what is a name on every file system, and cannot lead out of the directory. */
const ID = /^[a-z0-9][a-z0-9._-]{0,150}$/i
const DRAFT =
  /^\.(?<id>[a-z0-9][a-z0-9._-]{0,150}),(?<host>[^,/]{1,64}),(?<pid>\d{1,10})(?:,(?<console>[^,/]{1,64}))?\.part$/i

export function isOwnName(name: string): boolean {
  return ID.test(name)
}

export function draftName(id: string, { host, pid, console }: Writer): string {
  if (!isOwnName(id)) throw new TypeError('an id of a backup is letters, digits, dots and dashes')
  return `.${id},${host},${pid}${console === null ? '' : `,${console}`}.part`
}

/** `null`: it is something else. */
export function readDraftName(name: string): DraftName | null {
  const { id, host, pid, console = null } = DRAFT.exec(name)?.groups ?? {}
  return id === undefined || host === undefined ? null : { id, host, pid: Number(pid), console }
}

/** Of another machine, also of one that is called as this one, it cannot be known whether the writer lives: what it writes is written to. */
const ABANDONED_AFTER_MS = 24 * 3_600_000

/** Whether nobody writes it any more. */
export function isLeftover(
  { id, host, pid, console }: DraftName,
  {
    us,
    isAlive,
    isBeingWritten,
    untouchedMs,
  }: {
    readonly us: Writer
    readonly isAlive: (pid: number) => boolean
    /** Whether this very process writes it. */
    readonly isBeingWritten: (id: string) => boolean
    /** How long nothing in it was written. */
    readonly untouchedMs: number
  },
): boolean {
  const isOurs = host === us.host && (console === null || console === us.console)
  if (!isOurs) return untouchedMs >= ABANDONED_AFTER_MS
  // A process that was started later may have the number of one that was killed: in a container it always has.
  if (pid === us.pid) return !isBeingWritten(id)
  return !isAlive(pid)
}
