/**
 * What is run on the machine to read a log's files: one short program a time, which lists the parts of the log and copies
 * blocks out of one of them. It seeks; what is before the blocks is not read. It writes nothing and leaves nothing behind.
 */
import { randomBytes } from 'node:crypto'
import { isFailure } from '#shared/model/failure.ts'
import { failed } from '../../../reach/failed.ts'
import { ReachError } from '../../../reach/reach.ts'
import { readZone, type Zone } from '../moments.ts'
import { type Errand, MARGIN_BYTES, REMOTE_SECONDS } from '../reader.ts'

export const BLOCK = 4_096
const MOST_PARTS = 500

const SCRIPT = `
LC_ALL=C; export LC_ALL; IFS=
mark=$1 p1=$2 p2=$3 p3=$4 path=$5 inode=$6 packed=$7; shift 7
bounded() { if command -v timeout >/dev/null 2>&1; then timeout -k 1 ${REMOTE_SECONDS} "$@"; else "$@"; fi; }
at() { printf '\\n%s %s\\n' "$mark" "$1"; }
if stat -c %i / >/dev/null 2>&1
then tell() { bounded stat -L -c '%i %s %Y %a %U %G %n' -- "$@"; }
else tell() { bounded stat -L -f '%i %z %m %Lp %Su %Sg %N' -- "$@"; }
fi
at zone; date '+%z %Z'
at user; id -un
at plain; for f in $p1 $p2 $p3; do [ -f "$f" ] || continue; if [ -r "$f" ]; then echo "r $f"; else echo "- $f"; fi; done | head -n ${MOST_PARTS}
at parts; tell $p1 $p2 $p3 2>/dev/null | head -n ${MOST_PARTS}
at directory; d=\${p1%/*}; d=\${d:-/}; if [ ! -d "$d" ]; then echo missing; elif [ -x "$d" ]; then echo open; else echo closed; fi
[ -n "$path" ] || exit 0
case $(tell "$path" 2>/dev/null) in "$inode "*) ;; *) at moved; exit 0;; esac
if [ "$packed" = 1 ]; then
  bounded gzip -dc -- "$path" 2>/dev/null | {
    position=0; all=$#
    while [ $# -gt 1 ]; do
      at block; dd bs=${BLOCK} skip=$(($1 - position)) count=$2 iflag=fullblock 2>/dev/null
      position=$(($1 + $2)); shift 2
    done
    [ $all -gt 0 ] || { at size; wc -c; }
  }
else
  while [ $# -gt 1 ]; do at block; bounded dd if="$path" bs=${BLOCK} skip="$1" count="$2" 2>/dev/null; shift 2; done
fi
at done`

export interface Part {
  readonly path: string
  readonly inode: string
  /** In bytes, as it lies there. */
  readonly size: number
  /** When it was last written, milliseconds since the epoch. */
  readonly writtenAt: number
  readonly packed: boolean
  readonly readable: boolean
  readonly mode: string
  readonly owner: string
  readonly group: string
}

export interface Wanted {
  readonly part: Part
  /** In blocks of `BLOCK` bytes, ascending, not overlapping; none: of a packed part, its unpacked size. */
  readonly blocks: readonly { readonly skip: number; readonly count: number }[]
}

export interface Copied {
  readonly zone: Zone
  readonly user: string
  /** The oldest first. */
  readonly parts: readonly Part[]
  readonly directory: 'open' | 'closed' | 'missing'
  /** What was wanted; `null` where the part has moved meanwhile. */
  readonly blocks: readonly Buffer[] | null
  /** Unpacked. */
  readonly size: number | null
  readonly bytes: number
}

/** Lists the parts of a log, and copies blocks of one. */
export async function copy(errand: Errand, path: string, wanted: Wanted | null): Promise<Copied> {
  const { session, place, signal, remainingMs } = errand
  const mark = `=${randomBytes(9).toString('hex')}=`
  const size = (wanted?.blocks ?? []).reduce((sum, { count }) => sum + count * BLOCK, 0)
  const part = wanted?.part
  const argv = [
    'sh',
    '-c',
    SCRIPT,
    'sh',
    mark,
    ...patternsOf(path),
    part?.path ?? '',
    part?.inode ?? '',
    part?.packed === true ? '1' : '0',
    ...(wanted?.blocks ?? []).flatMap(({ skip, count }) => [String(skip), String(count)]),
  ]
  const limits = { signal, timeoutMs: remainingMs(), maxBytes: size + 4 * MARGIN_BYTES }
  const answer = await session.run(argv, limits).catch((error: unknown) => {
    // The script would be all that people see of the command.
    if (error instanceof ReachError && isFailure(error.failure, 'command-slow')) {
      throw failed(
        place,
        'protocol',
        'log-slow',
        { path, seconds: Math.round(limits.timeoutMs / 1_000) },
        error,
      )
    }
    throw error
  })
  const sections = sectionsOf(answer.output, mark)
  const text = (name: string) => (sections.get(name)?.[0] ?? Buffer.alloc(0)).toString('utf8').trim()
  if (!sections.has('parts')) {
    throw failed(place, 'protocol', 'log-unreadable', { path, words: wordsOf(answer.stderr, answer.code) })
  }
  const directory = text('directory')
  return {
    zone: readZone(text('zone')),
    user: text('user') || '?',
    parts: partsOf(text('parts'), text('plain')),
    directory: directory === 'missing' || directory === 'closed' ? directory : 'open',
    blocks: sections.has('moved') ? null : (sections.get('block') ?? []),
    size: sections.has('size') ? Number(text('size')) : null,
    bytes: answer.output.length,
  }
}

/** The log itself and what rotation makes of it; of a pattern what matches it. */
function patternsOf(path: string): [string, string, string] {
  return /[*?[]/.test(path.slice(path.lastIndexOf('/'))) ? [path, '', ''] : [path, `${path}.*`, `${path}-*`]
}

function sectionsOf(output: Buffer, mark: string): Map<string, Buffer[]> {
  const sections = new Map<string, Buffer[]>()
  const start = Buffer.from(`\n${mark} `)
  for (let at = output.indexOf(start); at !== -1; ) {
    const nameEnd = output.indexOf('\n', at + start.length)
    const next = output.indexOf(start, at + start.length)
    if (nameEnd === -1) break
    const name = output.subarray(at + start.length, nameEnd).toString('utf8')
    const body = output.subarray(nameEnd + 1, next === -1 ? output.length : next)
    const known = sections.get(name)
    if (known === undefined) sections.set(name, [body])
    else known.push(body)
    at = next
  }
  return sections
}

function partsOf(told: string, plain: string): Part[] {
  const readable = new Map(
    plain
      .split('\n')
      .flatMap((line) => (/^[r-] \//.test(line) ? [[line.slice(2), line.startsWith('r')] as const] : [])),
  )
  const parts = told.split('\n').flatMap((line): Part[] => {
    const match = /^(\d+) (\d+) (\d+) (\d+) (\S+) (\S+) (\/.*)$/.exec(line)
    if (match === null) return []
    const [, inode = '', size = '', seconds = '', mode = '', owner = '', group = '', path = ''] = match
    const canRead = readable.get(path)
    // Packed in a way that is not read, or no file.
    if (canRead === undefined || /\.(?:xz|bz2|zst|lz4|zip)$/.test(path)) return []
    return [
      {
        path,
        inode,
        size: Number(size),
        writtenAt: Number(seconds) * 1_000,
        packed: path.endsWith('.gz'),
        readable: canRead,
        mode,
        owner,
        group,
      },
    ]
  })
  return parts.sort(
    (a, b) => a.writtenAt - b.writtenAt || b.path.length - a.path.length || (a.path < b.path ? 1 : -1),
  )
}

function wordsOf(stderr: string, code: number | null): string {
  return stderr.trim().split('\n').at(-1)?.slice(0, 200) || `exit code ${code ?? '–'}`
}
