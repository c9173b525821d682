/**
 * The demo deployment: three real deployments on one machine, with traffic, and faults on demand. Everything is in a
 * temporary directory on free loopback ports, and goes with this process.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DeploymentProfileInput } from '#shared/model/profile/deployment.ts'
import { createArchive } from './archive.ts'
import { type Control, openControl, refuseSecondDemo } from './control.ts'
import { type DemoDeployment, newPassword, POOL_SIZE, startDeployment } from './deployment.ts'
import { type FaultName, FaultRefused } from './fault-names.ts'
import { createFaults } from './faults.ts'
import { DEPLOYMENT_NAMES, type DeploymentName, profileOf, secretNames } from './profiles.ts'
import { QUEUE } from './queue.ts'
import { countStatements, createOperateRole, createWatchRole } from './schema.ts'
import { startPostgres } from './servers/postgres.ts'
import { createTemporaryDirectory } from './servers/temporary-directory.ts'

const HOPS: Record<DeploymentName, number> = { shop: 0, billing: 1, ledger: 2 }
/** Who queues tasks in its Redis. */
const QUEUED: DeploymentName = 'billing'
/** Whose service is reached over TLS. */
const ENCRYPTED: DeploymentName = 'ledger'
/** Whose backups nobody has thought of yet. */
const WITHOUT_BACKUPS: DeploymentName = 'ledger'
/** Requests per second of each service at its busiest time of the day. */
const PEAK_PER_SECOND = 10

export interface Demo {
  /** Where the services' logs and the `known_hosts` file are. */
  readonly directory: string
  /** For the console: one for each deployment. */
  readonly profiles: readonly DeploymentProfileInput[]
  /** What the profiles refer to as `secret:NAME`, by name; for the console's vault. */
  readonly secrets: Readonly<Record<string, string>>
  deployment(name: DeploymentName): DemoDeployment
  /** Resolves once the fault is in effect, or over; looked at, not assumed. Throws `FaultRefused`. */
  fault(name: FaultName, on: boolean, deployment: DeploymentName): Promise<void>
  /** The faults in effect now. */
  faults(): { fault: FaultName; deployment: string }[]
  /** Ends everything: no process, no file but the console's own is left. */
  stop(): Promise<void>
}

/**
 * @param options.dataDirectory the console's: `demo.json` goes there, and says how to cause a fault
 * @throws DemoRuns where a demo runs on it already
 */
export async function startDemo(options: {
  readonly dataDirectory: string
  readonly peakPerSecond?: number
}): Promise<Demo> {
  const { dataDirectory, peakPerSecond = PEAK_PER_SECOND } = options
  await refuseSecondDemo(dataDirectory)
  const home = createTemporaryDirectory('demo')
  const faults = createFaults()
  const releases: (() => Promise<void>)[] = [() => home.remove()]
  const stop = async () => {
    for (let release = releases.pop(); release !== undefined; release = releases.pop()) await release()
  }
  try {
    const archive = createArchive()
    releases.push(() => archive.remove())
    const postgres = await startPostgres({
      settings: { max_connections: 80, log_min_messages: 'error', log_lock_waits: 'on', ...archive.settings },
    })
    releases.push(() => postgres.stop())
    await countStatements(postgres)
    const watchPassword = newPassword()
    await createWatchRole(postgres, watchPassword)
    const operatePassword = newPassword()
    await createOperateRole(postgres, operatePassword)

    const starting = DEPLOYMENT_NAMES.map(async (name) => {
      const deployment = await startDeployment({
        name,
        hops: HOPS[name],
        postgres,
        archive,
        encrypted: name === ENCRYPTED,
        queued: name === QUEUED,
        logDirectory: home.path,
        peakPerSecond,
      })
      releases.push(() => deployment.stop())
      return [name, deployment] as const
    })
    // All of them, before a failure is told: what did start has to be stopped.
    await Promise.allSettled(starting)
    const started = new Map<DeploymentName, DemoDeployment>(await Promise.all(starting))
    releases.push(() => faults.release())
    const deployment = (name: DeploymentName): DemoDeployment => {
      const found = started.get(name)
      if (found === undefined) throw new FaultRefused(`the demo has no deployment ${name}`)
      return found
    }

    const knownHosts = join(home.path, 'known_hosts')
    const lines = [...started.values()].flatMap(({ chain, ways }) =>
      // Known by the port at which the console finds it.
      chain.map((sshd, hop) => sshd.knownHostsLine.replace(/:\d+ /, `:${ways.hops[hop]} `)),
    )
    await writeFile(knownHosts, `${lines.join('\n')}\n`)
    const profiles = DEPLOYMENT_NAMES.map((name) => {
      const { ways, chain, front, disk, queue, logFile, redis } = deployment(name)
      return profileOf({
        name,
        ways,
        encrypted: front !== null,
        queues: queue === null ? [] : [QUEUE],
        // Where nothing can be mounted, they are on the disk of everything else.
        disks: disk === null ? [] : [disk.directory, archive.directory],
        poolSize: POOL_SIZE,
        chain,
        knownHosts,
        backups: name === WITHOUT_BACKUPS ? null : join(dataDirectory, 'backups', name),
        logs: { api: logFile, postgres: postgres.logFile, redis: redis.logFile },
      })
    })
    const secrets: Record<string, string> = {
      [secretNames.postgres]: watchPassword,
      [secretNames.operate]: operatePassword,
    }
    for (const { name, redis, chain, front } of started.values()) {
      secrets[secretNames.redis(name)] = redis.password
      if (front !== null) secrets[secretNames.authority(name)] = front.authority
      for (const [hop, { clientKeyPath }] of chain.entries()) {
        secrets[secretNames.sshKey(name, hop)] = await readFile(clientKeyPath, 'utf8')
      }
    }

    const fault: Demo['fault'] = (name, on, where) => faults.set(name, on, deployment(where))
    await mkdir(dataDirectory, { recursive: true, mode: 0o700 })
    const control: Control = await openControl({
      dataDirectory,
      directory: home.path,
      take: (order) => fault(order.fault, order.on, order.deployment),
    })
    releases.push(() => control.close())
    return { directory: home.path, profiles, secrets, deployment, fault, faults: faults.inEffect, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
