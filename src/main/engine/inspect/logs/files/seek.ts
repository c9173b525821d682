/**
 * Where in a part of a log a moment is: by looking at a few places at once, then between the two that enclose it, and so on.
 * A file of 10 GB is found through in some five rounds of 64 KiB each.
 */

import type { Zone } from '../moments.ts'
import { momentOf } from '../parse.ts'
import { linesIn } from './lines.ts'
import { BLOCK } from './script.ts'

/** Places that are looked at in one round, and how much of each. */
const PLACES = 8
const PLACE_BLOCKS = 2
const MOST_ROUNDS = 14
/** A stretch of this size is read as a whole. */
const CLOSE_BYTES = 64 * 1024

export interface SeekOptions {
  readonly size: number
  /** The first line that is at or after this moment is sought. */
  readonly at: number
  readonly zone: Zone
  readonly now: number
  /** Copies blocks of the part. */
  readonly copy: (blocks: readonly { skip: number; count: number }[]) => Promise<readonly Buffer[]>
}

/** Where that line begins; the size of the part where there is none. */
export async function seek({ size, at, zone, now, copy }: SeekOptions): Promise<number> {
  let low = 0
  let high = size
  for (let round = 0; round < MOST_ROUNDS && high - low > CLOSE_BYTES; round += 1) {
    const skips = placesBetween(low, high)
    const copied = await copy(skips.map((skip) => ({ skip, count: PLACE_BLOCKS })))
    const before = { low, high }
    for (const [index, skip] of skips.entries()) {
      const start = skip * BLOCK
      const found = firstMoment(copied[index] ?? Buffer.alloc(0), start, zone, now)
      if (found === null || start < low || start >= high) continue
      if (found.at < at) low = Math.max(low, found.offset)
      else high = Math.min(high, found.offset)
    }
    // Nothing in between says when it was: it is read through from here.
    if (low === before.low && high === before.high) break
  }
  return readThrough({ low, high: Math.min(size, high + CLOSE_BYTES), at, zone, now, copy, size })
}

function placesBetween(low: number, high: number): number[] {
  const skips = new Set<number>()
  for (let place = 1; place <= PLACES; place += 1) {
    skips.add(Math.floor((low + ((high - low) * place) / (PLACES + 1)) / BLOCK))
  }
  // They are not to overlap: what is packed is read once from front to back.
  return [...skips].filter((skip, index, all) => index === 0 || skip - (all[index - 1] ?? 0) >= PLACE_BLOCKS)
}

function firstMoment(
  bytes: Buffer,
  start: number,
  zone: Zone,
  now: number,
): { at: number; offset: number } | null {
  for (const { offset, text } of linesIn(bytes, start, { atStart: start === 0, toEnd: false })) {
    const at = momentOf({ position: '', text, told: null, piece: false }, zone, now)
    if (at !== null) return { at, offset }
  }
  return null
}

async function readThrough({
  low,
  high,
  at,
  zone,
  now,
  copy,
  size,
}: SeekOptions & { readonly low: number; readonly high: number }): Promise<number> {
  const first = Math.floor(low / BLOCK)
  const count = Math.min(Math.ceil(high / BLOCK) - first, (16 * CLOSE_BYTES) / BLOCK)
  if (count <= 0) return size
  const [bytes = Buffer.alloc(0)] = await copy([{ skip: first, count }])
  const start = first * BLOCK
  for (const { offset, text } of linesIn(bytes, start, { atStart: start === 0, toEnd: true })) {
    if (offset < low) continue
    const found = momentOf({ position: '', text, told: null, piece: false }, zone, now)
    if (found !== null && found >= at) return offset
  }
  return Math.min(size, start + bytes.length)
}
