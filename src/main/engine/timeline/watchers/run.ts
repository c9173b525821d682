/** Restarts: another run answers than before. */
import { z } from 'zod'
import type { Run } from '../../standing.ts'
import { type Draft, type Sighting, seenChange } from '../draft.ts'

/** Clocks differ: a start that lies further ahead than this is not believed. */
const AHEAD_MS = 60_000
/** Processes of one service that begin this close to each other were started together. */
const TOGETHER_MS = 60_000
/** How much the clock of a service may be behind ours without its processes being taken for older than they are. */
const BEHIND_MS = 30_000

export const KnownRun = z.object({
  id: z.string(),
  startedAt: z.number().nullable(),
  /** When it was first seen, by our clock. */
  seenAt: z.number(),
  /** Others answer at the same address: another one is no restart. */
  isOneOfSeveral: z.boolean(),
})
export type KnownRun = z.infer<typeof KnownRun>

/** @param code what another run is called: a restart, or a crash that was recovered from */
export function watchRun(
  before: KnownRun | undefined,
  run: Run | undefined,
  code: 'restarted' | 'process-crashed',
  sighting: Sighting,
): { events: Draft[]; known: KnownRun | undefined } {
  if (run === undefined || run.id === before?.id) return { events: [], known: before }
  const { startedAt } = run
  const known: KnownRun = {
    id: run.id,
    startedAt,
    seenAt: sighting.at,
    isOneOfSeveral: before?.isOneOfSeveral ?? false,
  }
  if (before === undefined) return { events: [], known }
  // Only of a service's processes there may be several behind one address.
  if (sighting.probe === 'traffic') {
    if (isStartedWith(before, startedAt)) return { events: [], known: before }
    const wasThere = startedAt !== null && startedAt <= (sighting.lastAt ?? before.seenAt) - BEHIND_MS
    if (wasThere) return { events: [], known: { ...before, isOneOfSeveral: true } }
    if (before.isOneOfSeveral) return { events: [], known }
  }
  const isDated = startedAt !== null && startedAt <= sighting.at + AHEAD_MS
  const at = isDated ? Math.min(startedAt, sighting.at) : sighting.at
  return { events: [seenChange('restart', sighting, code, {}, { at, isDated })], known }
}

function isStartedWith(before: KnownRun, startedAt: number | null): boolean {
  return (
    startedAt !== null && before.startedAt !== null && Math.abs(startedAt - before.startedAt) <= TOGETHER_MS
  )
}
