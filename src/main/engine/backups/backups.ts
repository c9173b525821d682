/** Backups: which there are, how deployments stand with them, and the keys that they are for. They are made and tried as operations. */
import type {
  Backup,
  BackupFailure,
  BackupSummary,
  DrillOutcome,
  RecoveryKey,
  RecoveryKeyUse,
} from '#shared/model/backup.ts'
import type { ClockSchedule } from '#shared/model/clock-schedule.ts'
import type { BackupPlace } from '#shared/model/profile/backups.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { Reason } from '#shared/model/reason.ts'
import type { Clock } from '../clock.ts'
import type { Deployments } from '../deployments/deployments.ts'
import type { Log } from '../log.ts'
import { nextDue } from '../schedules/due.ts'
import type { Store } from '../store/store.ts'
import type { Vault } from '../vault/vault.ts'
import { BackupRefused } from './backup-refused.ts'
import { type CataloguePlace, type CatalogueQuery, createCatalogue } from './catalogue.ts'
import { type BackupKeys, createBackupKeys } from './keys.ts'
import { createBackupMarks, type NotBegun } from './marks.ts'
import { createPlaceCare } from './place-care.ts'
import { recoveryKeyUses } from './recovery-keys.ts'
import type { HeldBackups } from './restore/held.ts'
import { counts, lastProvenOf, recoveryPoint, summaryOf } from './standing.ts'
import { createLocalStore } from './stores/local/index.ts'
import type { BackupStore } from './stores/store.ts'
import { createTimelyStores } from './stores/timely.ts'
import { type TablesPage, type TablesQuery, tablesIn } from './tables-in.ts'

export interface Rescanned {
  readonly added: readonly string[]
  readonly gone: readonly string[]
  readonly cleared: readonly string[]
  readonly problems: readonly { readonly id: string; readonly problem: BackupFailure }[]
}

/** What a host may ask. All of it throws `BackupError` and `BackupRefused`. */
export interface Backups {
  list(query: CatalogueQuery): Promise<{ backups: Backup[]; next: CataloguePlace | null }>
  /** The tables that are in one, page by page. */
  tables(id: string, query: TablesQuery): Promise<TablesPage>
  /** `null`: there is no such deployment. */
  summary(deployment: string): Promise<BackupSummary | null>
  recovery(): Promise<RecoveryKey | null>
  /** The recovery keys that there were, with what each opens of the backups that are kept. */
  recoveryKeys(): Promise<RecoveryKeyUse[]>
  makeRecovery: BackupKeys['makeRecovery']
  proveRecovery: BackupKeys['proveRecovery']
  /** Makes the list of a deployment's place again from the manifests there, and clears what was cut off. */
  rescan(deployment: string): Promise<Rescanned>
  /** Removes one with its files. @param confirm the deployment's name, where it is asked for */
  remove(id: string, confirm: string | null): Promise<void>
}

export type BackupsOfEngine = ReturnType<typeof createBackups>

export interface BackupsOptions {
  readonly store: Store
  readonly vault: Vault
  readonly clock: Clock
  readonly log: Log
  /** This console's id. */
  readonly console: string
  /** Where it stages what no profile names a directory for. */
  readonly stagingDirectory: string
  readonly deployments: Pick<Deployments, 'get' | 'list'>
  readonly isReadOnly: () => boolean
  /** What restores stand on. */
  readonly held: () => Promise<HeldBackups>
  /** How a deployment stands has changed. */
  readonly onTurn: (deployment: string) => void
}

/** How a deployment stands, as it was last looked at: for whoever cannot wait for the answer. */
export interface Standing {
  /** The moment that the newest good backup is of; `null`: there is none. */
  readonly lastGoodAt: number | null
  readonly recoveryPoint: { readonly age: number; readonly limit: number } | null
  /** How long the newest that was proven took until it could be used; `null`: none was. */
  readonly recoveryMs: number | null
  /** Why the latest drill failed; `null`: it did not, or there was none. */
  readonly drillProblem: Reason | null
}

export function createBackups(options: BackupsOptions) {
  const { store, vault, clock, log, console, deployments, isReadOnly, held, onTurn } = options
  const catalogue = createCatalogue({ store, clock, storeAt })
  const keys = createBackupKeys({ vault, store, clock })
  const marks = createBackupMarks({ store })
  const timely = createTimelyStores({ clock })
  /** Ids that this console writes at the moment. */
  const written = new Set<string>()
  const known = new Map<string, { backups: Backup[]; lastDrill: DrillOutcome | null; since: number | null }>()

  function storeAt({ directory }: Pick<BackupPlace, 'directory'>): BackupStore {
    const isBeingWritten = (id: string) => written.has(id)
    return timely(createLocalStore({ directory, now: clock.now, isBeingWritten, console }))
  }

  /** Reads again what is known of a deployment. */
  async function refresh(deployment: string): Promise<void> {
    const wanted = deployments.get(deployment)?.profile.backups
    let since = await marks.get(deployment, 'configured')
    if (wanted === undefined && since !== null) {
      await marks.clear(deployment)
      since = null
    }
    if (wanted !== undefined && since === null) {
      since = clock.now()
      await marks.set(deployment, 'configured', since)
    }
    for (const { what } of await marks.notBegun(deployment))
      if (scheduleOf(wanted, what) === undefined) await marks.setNotBegun(deployment, what, null)
    const [backups, lastDrill] = await Promise.all([catalogue.list(deployment), marks.lastDrill(deployment)])
    known.set(deployment, { backups, lastDrill, since })
    onTurn(deployment)
  }

  /** Never rejects. */
  async function reread(deployment: string): Promise<void> {
    await refresh(deployment).catch((error: unknown) =>
      log.error({ err: error, deployment }, 'its backups could not be read'),
    )
  }

  /** Of a deployment that is gone nothing rings, and one that is called so later begins anew. Its backups stay. Never rejects. */
  async function forget(deployment: string): Promise<void> {
    known.delete(deployment)
    await marks
      .forget(deployment)
      .catch((error: unknown) => log.error({ err: error, deployment }, 'its drills could not be forgotten'))
  }

  const care = createPlaceCare({
    ...{ clock, log, deployments, catalogue, storeAt, refresh },
    stagingDirectory: options.stagingDirectory,
  })

  async function summary(deployment: string): Promise<BackupSummary | null> {
    const found = deployments.get(deployment)
    if (found === null) return null
    const { profile, paused } = found
    if (!known.has(deployment)) await refresh(deployment)
    const { backups = [], lastDrill = null, since = null } = known.get(deployment) ?? {}
    const wanted = profile.backups ?? null
    const next = nextOf(profile, clock.now())
    const state = { deployment, wanted, wantedSince: since, backups, lastDrill }
    // Nothing is begun meanwhile, and so nothing waits for anything.
    const notBegun = (await marks.notBegun(deployment)).filter(({ waits }) => !(paused && waits))
    return summaryOf({ ...state, next, notBegun }, clock.now())
  }

  const backups: Backups = {
    list: catalogue.page,
    async tables(id, query) {
      const found = await catalogue.get(id)
      if (found === null) throw new BackupRefused({ kind: 'no-backup', id })
      return tablesIn(found.manifest, query)
    },
    summary,
    recovery: keys.recovery,
    async recoveryKeys() {
      const named = deployments.list().flatMap(({ profile }) => profile.backups?.recipients ?? [])
      const others = new Set([...named, await keys.drillRecipient()])
      return recoveryKeyUses(
        ...([await keys.recovery(), await keys.formerRecovery(), await catalogue.recipients()] as const),
        others,
      )
    },
    makeRecovery: keys.makeRecovery,
    proveRecovery: keys.proveRecovery,
    async rescan(deployment) {
      const wanted = deployments.get(deployment)?.profile.backups
      if (wanted === undefined) throw new BackupRefused({ kind: 'not-configured', deployment })
      const place = storeAt(wanted.store)
      const { cleared } = await place.clear()
      const found = await catalogue.rebuild(place, await keys.verificationKey())
      // What lies there may be of several deployments.
      for (const { profile } of deployments.list()) await refresh(profile.name)
      return { ...found, cleared }
    },
    async remove(id, confirm) {
      const found = await catalogue.get(id)
      if (found === null) throw new BackupRefused({ kind: 'no-backup', id })
      const { deployment } = found.manifest
      if (isReadOnly()) throw new BackupRefused({ kind: 'console-read-only', deployment })
      const of = deployments.get(deployment)?.profile
      if (of?.readOnly === true) throw new BackupRefused({ kind: 'deployment-read-only', deployment })
      const operation = (await held()).get(id)
      if (operation !== undefined) throw new BackupRefused({ kind: 'backup-held', id, operation })
      const all = (await catalogue.list(deployment)).filter((one) => counts(one, clock.now()))
      const isLastGood = all.length === 1 && all[0]?.id === id
      // A backup keeps the name that it was made under: of one that was renamed or removed nobody can tell any more what it was.
      const isProduction = of === undefined || of.environment === 'production'
      if ((isLastGood || isProduction || confirm !== null) && confirm !== deployment) {
        throw new BackupRefused({ kind: 'confirm', id, deployment, isLastGood, isWrong: confirm !== null })
      }
      await storeAt({ directory: found.place }).remove(id)
      await catalogue.forget(id)
      await refresh(deployment)
    },
  }

  return {
    ...{ backups, catalogue, keys, marks, refresh, storeAt, written, held },
    /** Remembers what a schedule could not begin, or waits with; `null`: it was begun. */
    async notBegun(
      deployment: string,
      what: NotBegun['what'],
      why: Omit<NotBegun, 'what'> | null,
    ): Promise<void> {
      await marks.setNotBegun(deployment, what, why)
      onTurn(deployment)
    },
    /** What is known without waiting. */
    standing(deployment: string): Standing | null {
      const seen = known.get(deployment)
      const wanted = deployments.get(deployment)?.profile.backups ?? null
      if (wanted === null && seen === undefined) {
        return { lastGoodAt: null, recoveryPoint: null, recoveryMs: null, drillProblem: null }
      }
      if (seen === undefined) return null
      const state = { wanted, wantedSince: seen.since, backups: seen.backups }
      const good = seen.backups.filter((one) => counts(one, clock.now()))
      return {
        lastGoodAt: good[0]?.startedAt ?? null,
        recoveryMs: lastProvenOf(good)?.recoveryMs ?? null,
        recoveryPoint: recoveryPoint(state, clock.now()),
        // Where none is wanted, none is to be tried.
        drillProblem: wanted === null ? null : (seen.lastDrill?.problem ?? null),
      }
    },
    /** Reads what is on record of every deployment that wants backups, and looks after their places from then on. Never rejects. */
    async load(): Promise<void> {
      for (const { profile } of deployments.list()) {
        if (profile.backups !== undefined) await reread(profile.name)
      }
      care.start()
    },
    ...{ reread, forget, stop: care.stop, lookAfter: care.look },
  }
}

function scheduleOf(
  backups: DeploymentProfile['backups'],
  what: NotBegun['what'],
): ClockSchedule | undefined {
  return what === 'backup' ? backups?.schedule : backups?.drills
}

/** When each is begun by its schedule the next time. */
function nextOf({ backups }: DeploymentProfile, now: number): BackupSummary['next'] {
  const next = (what: NotBegun['what']) => {
    const schedule = scheduleOf(backups, what)
    return schedule === undefined ? null : nextDue(schedule, now)
  }
  return { backup: next('backup'), drill: next('drill') }
}
