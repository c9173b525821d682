/** Looks after the places of backups, and of what is staged or temporary, at the start and each day: clears what was cut off there, and sees whether the newest good backups are still there. */
import type { Clock } from '../clock.ts'
import type { Deployments } from '../deployments/deployments.ts'
import type { Log } from '../log.ts'
import { BackupError } from './backup-error.ts'
import type { Catalogue } from './catalogue.ts'
import { isItsOwnFault } from './faults.ts'
import { counts } from './standing.ts'
import type { BackupStore } from './stores/store.ts'
import { removeAbandoned } from './temporary.ts'
import { refuseCut } from './verify.ts'

const EVERY_MS = 24 * 3_600_000

export interface PlaceCareOptions {
  readonly clock: Clock
  readonly log: Log
  readonly deployments: Pick<Deployments, 'list'>
  readonly catalogue: Pick<Catalogue, 'list' | 'get' | 'requirePresent' | 'faulty'>
  readonly storeAt: (place: { readonly directory: string }) => BackupStore
  readonly refresh: (deployment: string) => Promise<void>
  /** Where it stages what no profile names a directory for. */
  readonly stagingDirectory: string
}

export interface PlaceCare {
  start(): void
  stop(): void
  /** What it does each day. Never rejects. */
  look(): Promise<void>
}

export function createPlaceCare(options: PlaceCareOptions): PlaceCare {
  const { clock, log, deployments, catalogue, storeAt, refresh, stagingDirectory } = options
  let cancel = () => {}
  let isStopped = false

  async function clear(directory: string): Promise<void> {
    const { cleared, stuck } = await storeAt({ directory }).clear()
    if (cleared.length > 0)
      log.warn({ directory, cleared }, 'leftovers of backups that were cut off are removed')
    if (stuck.length > 0) log.warn({ directory, stuck }, 'leftovers of backups cannot be removed')
  }

  /** Sees whether what would be restored first has its files, and finds the next one where it has not. */
  async function findNewest(deployment: string): Promise<void> {
    for (const backup of await catalogue.list(deployment)) {
      if (!counts(backup, clock.now())) continue
      const found = await catalogue.get(backup.id)
      if (found === null) continue
      const { manifest } = found
      const store = storeAt({ directory: backup.place })
      try {
        await catalogue.requirePresent(store)
        refuseCut(await store.files(manifest.id), manifest, store.name)
        return
      } catch (error) {
        if (!(error instanceof BackupError) || !isItsOwnFault(error.failure)) throw error
        log.warn(
          { deployment, backup: manifest.id, problem: error.failure },
          'a good backup is none any more',
        )
        await catalogue.faulty(manifest.id, error.failure)
        await refresh(deployment)
      }
    }
  }

  async function look(): Promise<void> {
    const staged = deployments.list().flatMap(({ profile }) => profile.backups?.staging?.directory ?? [])
    await removeAbandoned([stagingDirectory, ...staged]).then(
      ({ removed, stuck }) => {
        if (removed.length > 0)
          log.warn({ removed }, 'what drills and backups that were cut off left is removed')
        if (stuck.length > 0)
          log.warn({ stuck }, 'what drills and backups that were cut off left cannot be removed')
      },
      (error: unknown) => log.warn({ err: error }, 'what cut off drills left could not be looked for'),
    )
    const wanting = deployments
      .list()
      .flatMap(({ profile: { name, backups } }) =>
        backups === undefined ? [] : [{ name, directory: backups.store.directory }],
      )
    for (const directory of new Set(wanting.map((one) => one.directory))) {
      await clear(directory).catch((error: unknown) =>
        log.warn({ err: error, directory }, 'what is left of backups there could not be looked for'),
      )
    }
    for (const { name } of wanting) {
      if (isStopped) return
      await findNewest(name).catch((error: unknown) =>
        log.warn({ err: error, deployment: name }, 'whether its newest backup is there could not be seen'),
      )
    }
  }

  function tick(): void {
    void look().finally(() => {
      if (!isStopped) cancel = clock.after(EVERY_MS, tick)
    })
  }

  return {
    ...{ start: tick, look },
    stop() {
      isStopped = true
      cancel()
    },
  }
}
