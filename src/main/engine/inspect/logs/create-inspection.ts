/**
 * Everything that a person reads of logs, at this moment, on the machine where they are. Nothing runs there between two
 * questions. Values are shown to whom they were revealed to, for a while; secrets to nobody.
 */
import type { LogLines, LogReveal } from '#shared/model/logs.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import { type LogSource, placeOf } from '#shared/model/profile/log.ts'
import type { Clock } from '../../clock.ts'
import type { Place } from '../../reach/failed.ts'
import type { Reach } from '../../reach/reach.ts'
import { NotWatched } from '../not-watched.ts'
import { createSharedAnswers } from '../shared-answers.ts'
import { containersOf, readContainers } from './containers/reader.ts'
import { readFiles } from './files/reader.ts'
import { type Asked, gather } from './gather.ts'
import { readJournal } from './journal/reader.ts'
import type { SecretMaskFor } from './known-secrets.ts'
import type { Errand, Reading, Start } from './reader.ts'
import { readSearch } from './search.ts'
import { showFor } from './shown.ts'

/** One answer may take this long, and read this much. */
const TIMEOUT_MS = 10_000
const MOST_BYTES = 8 * 1024 * 1024
/** How long values are shown to who asked for them. */
const REVEALED_MS = 15 * 60_000

export interface AskedLog extends Omit<Asked, 'search'> {
  readonly deployment: string
  readonly source: string
  readonly search: string
}

/** Who asks, as far as it matters here. */
export interface LogReader {
  readonly id: string
  readonly mayReveal: boolean
}

export interface LogInspectionOptions {
  /** Of those that are on record and not paused. */
  readonly profileOf: (deployment: string) => DeploymentProfile | null
  readonly reachOf: (deployment: string) => Reach | null
  readonly secretMaskFor: SecretMaskFor
  readonly clock: Clock
}

/**
 * `hidden`: values are not shown to this reader. They throw `NotWatched`,
 * `ReachError` where the log cannot be read, and `ForeignCursor`.
 */
export interface LogInspection {
  read(
    asked: AskedLog,
    reader: LogReader & { readonly revealed: boolean },
    signal: AbortSignal,
  ): Promise<LogLines | 'hidden'>
  /** From now on, for a while, values of that log are shown to this reader. */
  reveal(asked: Pick<AskedLog, 'deployment' | 'source'>, reader: LogReader): LogReveal
  stop(): void
}

export function createLogInspection({
  profileOf,
  reachOf,
  secretMaskFor,
  clock,
}: LogInspectionOptions): LogInspection {
  const shared = createSharedAnswers({ clock })
  /** Until when, by reader, deployment and source. */
  const reveals = new Map<string, number>()
  const keyOf = (id: string, { deployment, source }: Pick<AskedLog, 'deployment' | 'source'>) =>
    JSON.stringify([id, deployment, source])

  function isRevealedTo({ id, mayReveal }: LogReader, asked: AskedLog): boolean {
    const until = reveals.get(keyOf(id, asked))
    return mayReveal && until !== undefined && clock.now() < until
  }

  async function answer(asked: AskedLog, revealed: boolean, signal: AbortSignal): Promise<LogLines> {
    const { deployment, source: name, search } = asked
    const profile = profileOf(deployment)
    const source = profile?.logs.find((one) => one.name === name)
    const reach = reachOf(deployment)
    if (profile === null || source === undefined || reach === null)
      throw new NotWatched(deployment, 'opening')
    const startedAt = clock.monotonic()
    const secrets = await secretMaskFor(profile)
    const place: Place = { hop: `${name} (${placeOf(source)})`, on: 'target' }
    const errand: Errand = {
      session: reach.machine(source.over),
      place,
      signal,
      now: clock.now(),
      remainingMs: () => Math.max(1, TIMEOUT_MS - (clock.monotonic() - startedAt)),
    }
    const { bytes, ...gathered } = await gather({
      reading: open(errand, source, asked),
      asked: { ...asked, search: readSearch(search) },
      show: showFor({ secrets, revealed }),
      errand,
      mostBytes: MOST_BYTES,
    })
    const cost = { ms: Math.round(clock.monotonic() - startedAt), rows: gathered.looked.lines, bytes }
    return { at: clock.now(), source: name, ...gathered, revealed, cost }
  }

  return {
    async read(asked, reader, signal) {
      if (reader.revealed && !isRevealedTo(reader, asked)) return 'hidden'
      const { revealed } = reader
      return shared.ask(JSON.stringify([asked, revealed]), signal, (untilNobodyWaits) =>
        answer(asked, revealed, untilNobodyWaits),
      )
    },
    reveal(asked, { id }) {
      const at = clock.now()
      for (const [key, until] of reveals) if (until <= at) reveals.delete(key)
      const until = at + REVEALED_MS
      reveals.set(keyOf(id, asked), until)
      return { at, until }
    },
    stop() {
      shared.close()
      reveals.clear()
    },
  }
}

function open(errand: Errand, source: LogSource, asked: Start): Reading {
  const containers = containersOf(source)
  if (containers !== null) return readContainers(errand, containers, asked)
  if (source.journal !== undefined) return readJournal(errand, source.journal, asked)
  return readFiles(errand, source.file ?? '', asked)
}
