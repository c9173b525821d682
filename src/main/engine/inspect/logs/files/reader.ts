/**
 * A log in files: the one that is written to and those that rotation made of it, the oldest first, read as one. A position is
 * the number that the file system has for a part, and a place in it; so it survives a rename.
 */
import { failed } from '../../../reach/failed.ts'
import { UTC, type Zone } from '../moments.ts'
import type { RawLine } from '../raw.ts'
import { type Batch, type Errand, ForeignCursor, type Reading, type Start } from '../reader.ts'
import { type ByteLine, linesIn } from './lines.ts'
import { BLOCK, type Copied, copy, type Part, type Wanted } from './script.ts'
import { seek } from './seek.ts'

const FIRST_BYTES = 128 * 1024
const LARGEST_BYTES = 1024 * 1024
/** Larger ones are not unpacked on somebody's machine to look into. */
const LARGEST_PACKED = 64 * 1024 * 1024
const MOST_MOVES = 3

interface Spot {
  readonly part: Part
  readonly offset: number
}

export function readFiles(errand: Errand, path: string, start: Start): Reading {
  const { direction } = start
  let known: Copied | null = null
  let spot: Spot | null = null
  let begun = false
  let chunk = FIRST_BYTES
  let bytes = 0
  const sizes = new Map<string, number>()
  const leftOut = new Set<string>()

  /** What was wanted of a part; it is looked for again where it was renamed meanwhile. */
  async function copied(wanted: Wanted): Promise<Copied & { readonly blocks: readonly Buffer[] }> {
    let part = wanted.part
    for (let move = 0; move < MOST_MOVES; move += 1) {
      const answer = await copy(errand, path, { ...wanted, part })
      known = answer
      bytes += answer.bytes
      const { blocks } = answer
      if (blocks !== null) return { ...answer, blocks }
      const moved = answer.parts.find(({ inode }) => inode === part.inode)
      if (moved === undefined) break
      part = moved
    }
    throw failed(errand.place, 'protocol', 'log-rotating', { path })
  }

  /** Those that can be looked into. */
  function parts(): Part[] {
    const all = known?.parts ?? []
    const usable = all.filter((part) => part.readable && (!part.packed || part.size <= LARGEST_PACKED))
    for (const { path: name } of all.filter((part) => !usable.includes(part))) leftOut.add(name)
    return usable
  }

  async function sizeOf(part: Part): Promise<number> {
    if (!part.packed) return parts().find(({ inode }) => inode === part.inode)?.size ?? part.size
    const remembered = sizes.get(part.inode)
    if (remembered !== undefined) return remembered
    const { size } = await copied({ part, blocks: [] })
    sizes.set(part.inode, size ?? 0)
    return size ?? 0
  }

  async function list(): Promise<void> {
    known = await copy(errand, path, null)
    bytes += known.bytes
    if (parts().length > 0) return
    throw refusal(known)
  }

  function refusal({ parts: all, user, directory }: Copied): Error {
    const { place } = errand
    const [first] = all.filter(({ readable }) => !readable)
    if (first !== undefined) {
      return failed(place, 'privilege', 'log-forbidden', {
        path: first.path,
        user,
        grant: grantFor(first, user),
      })
    }
    if (directory === 'closed') {
      const parent = path.slice(0, path.lastIndexOf('/')) || '/'
      const grant = `sudo setfacl -m u:${user}:rx ${parent}`
      return failed(place, 'privilege', 'log-forbidden', { path: parent, user, grant })
    }
    return failed(place, 'protocol', 'log-missing', { path })
  }

  async function begin(): Promise<{ gap: boolean }> {
    await list()
    const all = parts()
    const [oldest] = all
    const newest = all.at(-1)
    if (oldest === undefined || newest === undefined) throw new Error('a log without parts was let through')
    if (start.cursor !== null) {
      const { inode, offset, isEdge } = readCursor(start.cursor)
      const part = all.find((one) => one.inode === inode)
      if (part === undefined) {
        // Rotated away: what is older is gone, and what is newer begins with what there is.
        spot = { part: oldest, offset: 0 }
        return { gap: true }
      }
      // Emptied in place (`copytruncate`): it began anew.
      const cut = !part.packed && (isEdge ? offset > part.size : offset >= part.size)
      spot = { part, offset: cut ? 0 : offset }
      return { gap: cut }
    }
    if (start.at === null) {
      spot = { part: newest, offset: await sizeOf(newest) }
      return { gap: false }
    }
    const at = start.at
    // A part was last written when its last line was.
    const part = all.find(({ writtenAt }) => writtenAt + 999 >= at)
    if (part === undefined) {
      spot = { part: newest, offset: await sizeOf(newest) }
      return { gap: false }
    }
    const size = await sizeOf(part)
    const offset = await seek({
      size,
      at,
      zone: zone(),
      now: errand.now,
      copy: async (blocks) => (await copied({ part, blocks })).blocks,
    })
    spot = { part, offset }
    return { gap: false }
  }

  function neighbour(part: Part, by: -1 | 1): Part | undefined {
    const all = parts()
    const index = all.findIndex(({ inode }) => inode === part.inode)
    return index === -1 ? undefined : all[index + by]
  }

  async function stretch(part: Part, from: number, to: number): Promise<Buffer> {
    const skip = Math.floor(from / BLOCK)
    const { blocks } = await copied({ part, blocks: [{ skip, count: Math.ceil(to / BLOCK) - skip }] })
    const data = blocks[0] ?? Buffer.alloc(0)
    return data.subarray(from - skip * BLOCK, to - skip * BLOCK)
  }

  async function older({ part, offset }: Spot): Promise<Omit<Batch, 'gap' | 'bytes'>> {
    if (offset <= 0) {
      const before = neighbour(part, -1)
      if (before === undefined) return { lines: [], end: true }
      spot = { part: before, offset: await sizeOf(before) }
      return { lines: [], end: false }
    }
    const from = Math.max(0, offset - chunk)
    const data = await stretch(part, from, offset)
    const whole = linesIn(data, from, { atStart: from === 0, toEnd: true })
    // Within a line that is longer than what is read at once.
    const isPiece = whole.length === 0 && from > 0
    const lines = isPiece ? [{ offset: from, text: data.toString('utf8'), piece: true }] : whole
    spot = { part, offset: lines[0]?.offset ?? 0 }
    return { lines: named(part, lines), end: spot.offset === 0 && neighbour(part, -1) === undefined }
  }

  async function newer({ part, offset }: Spot): Promise<Omit<Batch, 'gap' | 'bytes'>> {
    const size = await sizeOf(part)
    const after = neighbour(part, 1)
    const to = Math.min(size, offset + chunk)
    if (offset >= size) {
      if (after === undefined) return { lines: [], end: true }
      spot = { part: after, offset: 0 }
      return { lines: [], end: false }
    }
    const data = await stretch(part, offset, to)
    const isWhole = to >= size
    const lines = linesIn(data, offset, { atStart: true, toEnd: isWhole && after !== undefined })
    const last = lines.at(-1)
    if (last === undefined && !isWhole) {
      // A line that is longer than what is read at once.
      spot = { part, offset: to }
      return { lines: named(part, [{ offset, text: data.toString('utf8'), piece: true }]), end: false }
    }
    const lastBreak = data.lastIndexOf(0x0a)
    spot = { part, offset: isWhole && after !== undefined ? size : offset + lastBreak + 1 }
    return { lines: named(part, lines), end: isWhole && after === undefined }
  }

  const zone = (): Zone => known?.zone ?? UTC
  return {
    async next() {
      const before = bytes
      const { gap } = begun ? { gap: false } : await begin()
      begun = true
      if (spot === null) throw new Error('reading has not begun')
      const read = await (direction === 'older' ? older(spot) : newer(spot))
      chunk = Math.min(LARGEST_BYTES, chunk * 2)
      return { ...read, gap, bytes: bytes - before }
    },
    zone,
    edge() {
      const newest = parts().at(-1)
      return newest === undefined || newest.packed ? null : `${cursorOf(newest, newest.size)}:end`
    },
    grant() {
      const closed = known?.parts.find(({ readable }) => !readable)
      return closed === undefined || known === null ? null : grantFor(closed, known.user)
    },
    leftOut: () => [...leftOut],
  }
}

function named(part: Part, lines: readonly ByteLine[]): RawLine[] {
  return lines.map(({ offset, text, piece }) => ({
    position: cursorOf(part, offset),
    text,
    told: null,
    piece,
  }))
}

function cursorOf({ inode }: Part, offset: number): string {
  return `f:${inode}:${offset}`
}

/** Either where a line was, or where the log ended. */
function readCursor(cursor: string): { inode: string; offset: number; isEdge: boolean } {
  const match = /^f:(\d{1,20}):(\d{1,15})(:end)?$/.exec(cursor)
  if (match === null) throw new ForeignCursor()
  return { inode: match[1] ?? '', offset: Number(match[2]), isEdge: match[3] !== undefined }
}

/** The group that may read it, where there is one; else that one user. */
function grantFor({ path, mode, group }: Part, user: string): string {
  const groupReads = (Number.parseInt(mode, 8) & 0o040) !== 0
  return groupReads && group !== 'root' && group !== 'UNKNOWN'
    ? `sudo usermod -aG ${group} ${user}`
    : `sudo setfacl -m u:${user}:r ${path}`
}
