/**
 * Deploys: another version answers. While one is being rolled out, instances answer with one and the other in turn: the new
 * one counts when it alone was seen for some looks, and for more of them each time that it turned out not to be alone.
 */
import { z } from 'zod'
import { type Draft, type Sighting, seenChange } from '../draft.ts'

/** Looks in a row that settle a service's version. */
const SETTLED_BY = 3
const SETTLED_BY_AT_MOST = 24
/** After this long without going back and forth, a version settles as quickly as at first. */
const CALM_MS = 10 * 60_000

export const KnownVersion = z.object({
  settled: z.string(),
  /** Another one that was seen: how often in a row, since when, and whether nobody had looked for a while before that. */
  other: z
    .object({ version: z.string(), looks: z.number(), since: z.number(), isAfterPause: z.boolean() })
    .nullable(),
  /** How often it went back and forth lately, and when the last time. */
  turns: z.number(),
  turnedAt: z.number().nullable(),
  /** That several versions answer was told. */
  isMixTold: z.boolean(),
})
export type KnownVersion = z.infer<typeof KnownVersion>

interface Watched {
  readonly events: Draft[]
  readonly known: KnownVersion
}

const settledAs = (version: string): KnownVersion => ({
  settled: version,
  other: null,
  turns: 0,
  turnedAt: null,
  isMixTold: false,
})

export function watchVersion(
  before: KnownVersion | undefined,
  version: string | undefined,
  sighting: Sighting,
): { events: Draft[]; known: KnownVersion | undefined } {
  if (version === undefined) return { events: [], known: before }
  if (before === undefined) return { events: [], known: settledAs(version) }
  if (sighting.probe !== 'health') return ofServer(before, version, sighting)
  const calm = isCalm(before, sighting.at)
    ? { ...before, turns: 0, turnedAt: null, isMixTold: false }
    : before
  return version === before.settled ? back(calm, sighting) : another(calm, version, sighting)
}

/** A server has one version at a time. */
function ofServer(before: KnownVersion, version: string, sighting: Sighting): Watched {
  if (version === before.settled) return { events: [], known: before }
  const told = seenChange('deploy', sighting, 'upgraded', { before: before.settled, version })
  return { events: [told], known: settledAs(version) }
}

function isCalm({ turnedAt }: KnownVersion, at: number): boolean {
  return turnedAt !== null && at - turnedAt > CALM_MS
}

/** The settled version answers; where another one did before it, both do. */
function back(before: KnownVersion, sighting: Sighting): Watched {
  if (before.other === null) return { events: [], known: before }
  const { version } = before.other
  const told = before.isMixTold
    ? []
    : [seenChange('deploy', sighting, 'versions-mixed', { before: before.settled, version })]
  return {
    events: told,
    known: { ...before, other: null, turns: before.turns + 1, turnedAt: sighting.at, isMixTold: true },
  }
}

function another(before: KnownVersion, version: string, sighting: Sighting): Watched {
  const seen =
    before.other?.version === version
      ? before.other
      : { version, looks: 0, since: sighting.at, isAfterPause: sighting.isAfterPause }
  const other = { ...seen, looks: seen.looks + 1 }
  if (other.looks < Math.min(SETTLED_BY_AT_MOST, SETTLED_BY * 2 ** before.turns)) {
    return { events: [], known: { ...before, other } }
  }
  const { since: at, isAfterPause } = other
  const words = { before: before.settled, version }
  const told = seenChange('deploy', { ...sighting, isAfterPause }, 'deployed', words, { at })
  // Another turn soon shows that the old one still answers: then it takes longer to settle again.
  return {
    events: [told],
    known: {
      ...settledAs(version),
      turns: before.turns + 1,
      turnedAt: sighting.at,
      isMixTold: before.isMixTold,
    },
  }
}
