/** Reads a Linux host over SSH: one program a look, no files, little output. */
import type { HostSession, Limits } from '../../reach/reach.ts'
import {
  type Disk,
  firstNumber,
  type HostReading,
  parseBootId,
  parseCpu,
  parseDf,
  parseMemory,
} from './reading.ts'

const MAX_BYTES = 64 * 1024
/** Starts a part of the output; the path of a disk follows where it is one. */
const MARK = '=vakhta='

/**
 * Disks come last and each within two seconds: a dead network file system hangs whoever asks for it. Each is asked for
 * alone, so that one that is missing does not shift the others.
 */
const SCRIPT = `
LC_ALL=C; export LC_ALL
bounded=
command -v timeout >/dev/null 2>&1 && bounded='timeout 2'
echo '${MARK}cpu'; IFS= read -r line </proc/stat && echo "$line"
echo '${MARK}memory'; while IFS= read -r line; do case $line in Mem*|Buffers*|Cached*|SReclaimable*|Shmem:*) echo "$line";; esac; done </proc/meminfo
echo '${MARK}load'; IFS= read -r line </proc/loadavg && echo "$line"
echo '${MARK}uptime'; IFS= read -r line </proc/uptime && echo "$line"
echo '${MARK}boot'; IFS= read -r line </proc/sys/kernel/random/boot_id && echo "$line"
echo '${MARK}system'; uname -sr
for disk do
  echo "${MARK}space $disk"; $bounded df -kP -- "$disk" 2>/dev/null
  echo "${MARK}inodes $disk"; $bounded df -iP -- "$disk" 2>/dev/null
done
exit 0`

export interface RemoteAnswer {
  readonly reading: HostReading
  readonly bytes: number
}

/** One look. A host that is no Linux tells what it can; the rest is `null`. */
export async function readRemote(
  session: HostSession,
  disks: readonly string[],
  limits: Limits,
): Promise<RemoteAnswer> {
  const answer = await session.run(['sh', '-c', SCRIPT, 'sh', ...disks], { ...limits, maxBytes: MAX_BYTES })
  return { reading: parseRemote(answer.stdout, disks), bytes: Buffer.byteLength(answer.stdout) }
}

/** The script's output as a reading. */
export function parseRemote(stdout: string, disks: readonly string[]): HostReading {
  const parts = new Map(
    stdout.split(MARK).map((part) => {
      const end = part.indexOf('\n')
      return end === -1 ? [part, ''] : [part.slice(0, end), part.slice(end + 1)]
    }),
  )
  const part = (name: string) => parts.get(name) ?? ''
  const memory = parseMemory(part('memory'))
  return {
    cpu: parseCpu(part('cpu')),
    memoryTotal: memory.total,
    memoryAvailable: memory.available,
    load1: firstNumber(part('load')),
    uptimeSeconds: firstNumber(part('uptime')),
    disks: disks.map(
      (path): Disk => ({
        path,
        usedPercent: parseDf(part(`space ${path}`)),
        inodesPercent: parseDf(part(`inodes ${path}`)),
      }),
    ),
    bootId: parseBootId(part('boot')),
    system: part('system').trim() || null,
  }
}
