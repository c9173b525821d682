/** Silences of an Alertmanager that are in force here as well, for as long as they are there. */
import { isDeepStrictEqual } from 'node:util'
import type { Silence, SilenceMatchers } from '#shared/model/silence.ts'
import type { Silences } from './silences.ts'

/** One that is in force elsewhere: its id there, what it keeps quiet, and until when. */
export interface MirroredSilence {
  readonly id: string
  readonly labels: NonNullable<SilenceMatchers['labels']>
  /** Milliseconds since the epoch. */
  readonly until: number
  readonly by: string
  readonly note: string | null
}

export interface MirroredSilences {
  /** What is in force at a channel is here, and nothing else from there. */
  mirror(channel: string, there: readonly MirroredSilence[]): void
  /** Nothing is mirrored any more but from these channels. */
  only(channels: ReadonlySet<string>): void
}

export function createMirroredSilences(silences: Silences): MirroredSilences {
  function from(
    isMeant: (channel: string) => boolean,
  ): (Silence & { origin: NonNullable<Silence['origin']> })[] {
    return [...silences.inForce()].flatMap((one) =>
      one.origin !== null && isMeant(one.origin.channel) ? [{ ...one, origin: one.origin }] : [],
    )
  }

  function mirror(channel: string, there: readonly MirroredSilence[]): void {
    const here = new Map(from((name) => name === channel).map((one) => [one.origin.id, one]))
    for (const { id, labels, until, by, note } of there) {
      const before = here.get(id)
      here.delete(id)
      const matchers = { alert: null, deployments: null, rules: null, severities: null, labels }
      if (before === undefined) silences.begin({ matchers, until, by, note, origin: { channel, id } })
      else if (!isDeepStrictEqual([before.matchers, before.until, before.note], [matchers, until, note])) {
        silences.adjust(before.id, { matchers, until, note })
      }
    }
    for (const { id } of here.values()) silences.end(id, 'at-its-origin')
  }

  return {
    mirror: (channel, there) => silences.together(() => mirror(channel, there)),
    only: (channels) =>
      silences.together(() => {
        for (const { id } of from((name) => !channels.has(name))) silences.end(id, 'at-its-origin')
      }),
  }
}
