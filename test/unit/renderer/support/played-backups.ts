/** What a played console answers of backups. */
import { implement } from '@orpc/server'
import type { Outputs } from '../../../../src/renderer/client/client.ts'
import { contract } from '../../../../src/shared/contract/contract.ts'

type BackupView = Outputs['backups']['list']['items'][number]
type StandingView = Outputs['backups']['summary']['items'][number]

export interface PlayedBackups {
  /** As they are now, the newest first. */
  kept: BackupView[]
  standing: StandingView
  /** What was to be removed; each waits for `gate`. */
  readonly removals: object[]
  gate?: Promise<void>
  /** The recovery key; left out: there is none. What was typed from its sheet is added, and right. */
  key?: NonNullable<Outputs['backups']['recoveryKey']['key']>
  readonly typed?: string[]
}

export function playBackups(played: PlayedBackups) {
  const { backups } = implement(contract)
  return {
    list: backups.list.handler(() => ({ items: played.kept, nextCursor: null })),
    summary: backups.summary.handler(() => ({ items: [played.standing], nextCursor: null })),
    recoveryKey: backups.recoveryKey.handler(() => ({ key: played.key ?? null })),
    proveRecoveryKey: backups.proveRecoveryKey.handler(({ input: { typed } }) => {
      if (played.key === undefined) throw new TypeError('there is no key')
      played.typed?.push(typed)
      return played.key
    }),
    remove: backups.remove.handler(async ({ input, errors }) => {
      const { kept, standing, removals, gate } = played
      removals.push(input)
      await gate
      if (standing.good < 2 && input.confirm !== standing.deployment) {
        const message = 'It is the last good one'
        const data = {
          reason: 'missing' as const,
          deployment: standing.deployment,
          preview: null,
          plan: null,
        }
        throw errors.CONFIRMATION_REQUIRED({ message, data })
      }
      played.kept = kept.filter(({ id }) => id !== input.id)
      return { removed: input.id }
    }),
  }
}

const NOON = '2026-11-28T12:00:00Z'

export function backupOf(rest: Partial<BackupView> & { readonly id: string }): BackupView {
  return {
    ...{ deployment: 'shop', startedAt: NOON, endedAt: NOON, bytes: 1_000, databases: [], roles: false },
    ...{
      selection: { schemas: [], tables: [] },
      partial: false,
      state: 'verified',
      verifiedAt: NOON,
      provenAt: null,
    },
    ...{ recoveryMs: null, recoveryOn: null, problem: null, place: '/kept', signedBy: 'this-console' },
    ...{ console: 'here', server: '17.2', tools: ['pg_dump 17'], compression: [], format: 'custom' },
    ...{ jobs: null, recipients: 2, foreign: null },
    ...rest,
  }
}

export function standingOf(rest: Partial<StandingView> = {}): StandingView {
  return {
    ...{ deployment: 'shop', configured: true, place: '/kept', count: 2, good: 2, faulty: 0, bytes: 2_000 },
    ...{ lastComplete: null, lastProven: null, lastDrill: null, recoveryMs: null, recoveryOn: null },
    recoveryPoint: { ageSeconds: 60, limitSeconds: 86_400, isStale: false },
    ...{ next: { backup: null, drill: null }, notBegun: [] },
    ...rest,
  }
}
