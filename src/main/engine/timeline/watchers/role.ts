/** Roles: a primary became a replica or the other way round, or another of several servers answers. */
import { z } from 'zod'
import type { Standing } from '../../standing.ts'
import { type Draft, type Sighting, seenChange } from '../draft.ts'

/** Behind a balancer servers answer in turn: that is told once, and again after it was quiet for this long. */
const CALM_MS = 10 * 60_000
const TURNS_TOLD = 2

export const KnownServer = z.object({
  server: z.string(),
  turns: z.number(),
  turnedAt: z.number().nullable(),
})
export type KnownServer = z.infer<typeof KnownServer>

export function watchServer(
  before: KnownServer | undefined,
  server: string | undefined,
  sighting: Sighting,
): { events: Draft[]; known: KnownServer | undefined } {
  if (server === undefined) return { events: [], known: before }
  if (before === undefined) return { events: [], known: { server, turns: 0, turnedAt: null } }
  if (server === before.server) return { events: [], known: before }
  const isCalm = before.turnedAt === null || sighting.at - before.turnedAt > CALM_MS
  const turns = isCalm ? 1 : before.turns + 1
  const told =
    turns > TURNS_TOLD
      ? []
      : [seenChange('role', sighting, 'server-moved', { before: before.server, server })]
  return { events: told, known: { server, turns, turnedAt: sighting.at } }
}

export function watchRole(
  before: Standing['role'],
  role: Standing['role'],
  sighting: Sighting,
): { events: Draft[]; known: Standing['role'] } {
  if (role === undefined || before === undefined || role === before) {
    return { events: [], known: role ?? before }
  }
  const code = role === 'primary' ? 'became-primary' : 'became-replica'
  return { events: [seenChange('role', sighting, code, {})], known: role }
}
