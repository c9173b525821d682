/** Faults of what is written to disks: Redis' snapshots, and PostgreSQL's archive of its WAL. */
import { archiverOf, endWalFile } from '../archive.ts'
import type { DemoDeployment } from '../deployment.ts'
import { FaultRefused } from '../fault-names.ts'
import { whyNoSmallDisk } from '../servers/small-disk.ts'
import { waitUntil } from '../wait-until.ts'
import type { Fault } from './fault.ts'
import { withRedis } from './redis.ts'

/** The disk that Redis saves to is full: its next save fails, and from then on it refuses writes. */
export const diskFull: Fault = {
  async begin(deployment) {
    const disk = diskOf(deployment)
    await withRedis(deployment, async (client) => {
      disk.fill()
      await client.bgsave()
      await waitUntil('a save that failed', async () => (await lastSave(client)) === 'err')
    })
  },
  async end(deployment) {
    if (deployment.disk === null) return
    deployment.disk.makeRoom()
    await withRedis(deployment, (client) =>
      waitUntil('a save that succeeded', async () => {
        // One that began before there was room may still be under way.
        await client.bgsave().catch(() => {})
        return (await lastSave(client)) === 'ok'
      }),
    )
  },
}

function diskOf({ disk }: DemoDeployment) {
  if (disk !== null) return disk
  throw new FaultRefused(`it takes a small disk of its own to fill, and here ${whyNoSmallDisk()}`)
}

async function lastSave(client: { info(section: string): Promise<string> }): Promise<string | undefined> {
  return /rdb_last_bgsave_status:(\w+)/.exec(await client.info('persistence'))?.[1]
}

/** The archive is not there: WAL piles up, though no disk is full. */
export const archiveFailing: Fault = {
  async begin(deployment, others) {
    refuseBoth(others.has('archive-full'), 'archive-full')
    await deployment.archive.takeAway()
    await untilFailing(deployment)
  },
  end: (deployment) => mended(deployment),
}

/** The archive's disk is full. */
export const archiveFull: Fault = {
  async begin(deployment, others) {
    refuseBoth(others.has('archive-failing'), 'archive-failing')
    const why = whyNoSmallDisk()
    if (why !== null) throw new FaultRefused(`it takes a small disk of its own to fill, and here ${why}`)
    deployment.archive.shrink()
    await untilFailing(deployment)
  },
  end: (deployment) => mended(deployment),
}

function refuseBoth(isActive: boolean, other: string): void {
  if (isActive) throw new FaultRefused(`the archive fails already, because of ${other}: end that fault first`)
}

async function untilFailing({ postgres }: DemoDeployment): Promise<void> {
  await endWalFile(postgres)
  await waitUntil('an attempt to archive that failed', async () => (await archiverOf(postgres)).isFailing)
}

async function mended({ archive, postgres }: DemoDeployment): Promise<void> {
  await archive.restore()
  await endWalFile(postgres)
  await waitUntil('the archive in use again', async () => !(await archiverOf(postgres)).isFailing)
}
