/** A backup that is whole, and of which the console is not told: it is known all the same. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { BackupError } from '../../../src/main/engine/backups/backup-error.ts'
import { createBackups } from '../../../src/main/engine/backups/backups.ts'
import { dumpStep } from '../../../src/main/engine/backups/kinds/backup.ts'
import { createTools } from '../../../src/main/engine/backups/postgres/tools.ts'
import type { RunJob } from '../../../src/main/engine/backups/worker/run-job.ts'
import { Cancelled } from '../../../src/main/engine/backups/worker/told.ts'
import { systemClock } from '../../../src/main/engine/clock.ts'
import { silentLog } from '../../../src/main/engine/log.ts'
import { openStore } from '../../../src/main/engine/store/open-store.ts'
import type { OperationFacts } from '../../../src/shared/model/operation.ts'
import { DeploymentProfile } from '../../../src/shared/model/profile/deployment.ts'
import { type BackupKit, createBackupKit } from './backup-kit.ts'

let server: PostgresServer
let kit: BackupKit
beforeAll(async () => {
  server = await startPostgres()
  kit = await createBackupKit({ password: server.password })
})
afterAll(async () => {
  await kit.close()
  await server.stop()
})

it.each([
  ['is entered where it was cancelled at that moment', true, new Cancelled('it was cancelled'), true],
  [
    'is entered where its disk did not say so',
    true,
    new BackupError('store-stuck', { place: '/nfs', seconds: 1_800 }),
    true,
  ],
  ['is not entered where it was never made', false, new Cancelled('it was cancelled'), false],
])('a backup %s', async (_, isMade, error, isKnown) => {
  const store = openStore({ dataDirectory: kit.home, log: silentLog })
  const profile = DeploymentProfile.parse({
    ...{ name: 'shop', environment: 'staging' },
    postgres: { url: `postgresql://postgres@127.0.0.1:${server.port}/postgres`, password: 'secret:postgres' },
    backups: { store: { kind: 'local', directory: kit.directory } },
  })
  const stagingDirectory = join(kit.home, 'staging')
  const backedUp = createBackups({
    ...{ store, vault: kit.vault, clock: systemClock, log: silentLog, onTurn() {}, console: 'kit' },
    deployments: { get: () => ({ profile, paused: false }), list: () => [] } as never,
    ...{ isReadOnly: () => false, stagingDirectory, held: async () => new Map() },
  })
  const runJob: RunJob = async (job, limits) => {
    if (isMade) await kit.runJob(job, limits)
    throw error
  }
  const step = dumpStep({
    ...{ backedUp, runJob, clock: systemClock, tools: createTools({ env: process.env }) },
    ...{ stagingDirectory, consoleName: () => 'this', resolveSecret: kit.resolveSecret },
  })
  let kept: OperationFacts | undefined
  let told: OperationFacts | undefined
  const ran = step.run({
    ...{ id: crypto.randomUUID(), profile, options: { databases: ['postgres'] } },
    ...{ signal: new AbortController().signal, facts: () => kept, note() {}, progress() {} },
    async keep(facts: OperationFacts) {
      kept = facts
    },
    result(facts: OperationFacts) {
      told = facts
    },
  } as never)
  try {
    if (isKnown) await ran
    else await expect(ran).rejects.toBe(error)
    expect(told?.backup).toBe(isKnown ? kept?.backup : undefined)
    expect((await backedUp.catalogue.get(String(kept?.backup))) !== null).toBe(isKnown)
  } finally {
    await store.close()
  }
})
