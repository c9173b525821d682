// Containers on a real Podman, asked as Podman and by Docker's client, and on Docker's own daemon; units through a double of systemctl.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { findProgram } from '../../../demo/servers/programs.ts'
import { createTemporaryDirectory } from '../../../demo/servers/temporary-directory.ts'
import { silentLog } from '../../../src/main/engine/log.ts'
import type { Reach } from '../../../src/main/engine/reach/reach.ts'
import { createRuns } from '../../../src/main/engine/runs/runs.ts'
import type { Standing } from '../../../src/main/engine/standing.ts'
import type { Draft } from '../../../src/main/engine/timeline/draft.ts'
import { compare, type Known } from '../../../src/main/engine/timeline/known.ts'
import { createTranslator, eventText } from '../../../src/shared/locales/translate.ts'
import { DeploymentProfile } from '../../../src/shared/model/profile/deployment.ts'
import { type ContainerEngine, writeUnaware } from '../../support/container-engine.ts'
import { startDocker } from '../../support/docker.ts'
import { createHurriedClock } from '../../support/hurried-clock.ts'
import { createPodman, noPodman } from '../../support/podman.ts'
import { until } from '../../support/until.ts'
import { createKit } from '../reach/reach-kit.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const english = createTranslator('en')
const PATH = process.env.PATH ?? ''
const closers: (() => unknown)[] = []
afterAll(async () => {
  process.env.PATH = PATH
  delete process.env.DOCKER_HOST
  for (const close of closers.reverse()) await close()
})

/** What is told of a deployment with these logs, in words; half a minute in a second and a half. */
async function watchRuns(logs: object[]) {
  const kit = await createKit()
  const profile = DeploymentProfile.parse({
    name: 'shop',
    environment: 'staging',
    services: [{ name: 'api', url: 'http://127.0.0.1:9' }],
    logs,
  })
  const reach: Reach = kit.reach(profile)
  closers.push(() => reach.close())
  const known = new Map<string, Known>()
  const told: Draft[] = []
  let looks = 0
  const learn = (look: { probe: 'host'; target: string; at: number }, standings: readonly Standing[]) => {
    looks += 1
    for (const standing of standings) {
      const key = `${look.target}/${standing.of}`
      const sighting = { ...look, of: standing.of, lastAt: look.at - 30_000, isAfterPause: false }
      const { events, known: now } = compare(known.get(key) ?? {}, standing, sighting)
      known.set(key, now)
      told.push(...events)
    }
  }
  const runs = createRuns({
    deployments: { list: () => [{ profile, paused: false }] },
    reachOf: () => reach,
    learn,
    clock: createHurriedClock(20),
    log: silentLog,
  })
  runs.start()
  closers.push(() => runs.stop())
  const words = () => told.map(({ reason }) => eventText(english, reason))
  return {
    known,
    told: (pattern: RegExp) =>
      until(() => words().find((one) => pattern.test(one)), { timeoutMs: 30_000, what: `${pattern}` }).catch(
        (error: unknown) => {
          throw new Error(`told was: ${words().join('; ')}`, { cause: error })
        },
      ),
    words,
    /** Resolves after another look at everything. */
    async looked() {
      const before = looks
      await until(() => looks >= before + logs.length, { timeoutMs: 30_000 })
    },
  }
}

const label = (name: string, value: string) => ['--label', `com.docker.compose.${name}=${value}`]
const LOGS = [
  { name: 'api', over: 'local', container: 'api' },
  { name: 'worker', over: 'local', compose: { project: 'shop', service: 'worker' } },
  { name: 'gone', over: 'local', container: 'no-such-container' },
  { name: 'file', over: 'local', file: '/var/log/syslog' },
]

/** What was deployed, what was restarted, what ended by itself and how. */
async function liveThrough(engine: ContainerEngine): Promise<void> {
  const ofCompose = [...label('project', 'shop'), ...label('service', 'worker')]
  engine.start('api', 'localhost/shop:2.0.3', '--restart', 'always')
  engine.start('shop-worker-1', 'localhost/shop:2.0.3', ...ofCompose)
  engine.start('shop-worker-2', 'localhost/shop:2.0.3', ...ofCompose)
  const watched = await watchRuns(LOGS)
  await watched.looked()
  expect([...watched.known.keys()].sort()).toEqual(['api/', 'worker/shop-worker-1', 'worker/shop-worker-2'])
  expect(watched.words()).toEqual([])

  const pid = Number(engine.run('container', 'inspect', '--format', '{{.State.Pid}}', 'api'))
  process.kill(pid, 'SIGKILL')
  await watched.told(/^api ended and was started again$/)
  engine.run('restart', '--time', '0', 'api')
  await watched.told(/^api restarted$/)
  engine.run('kill', 'shop-worker-2')
  await watched.told(/^worker \(shop-worker-2\) was ended by signal 9$/)
  engine.run('rm', '--force', 'api')
  engine.start('api', 'localhost/shop:2.1.0')
  const deployed = await watched.told(/deployed to api/)
  expect(deployed).toMatch(
    /^localhost\/shop:2\.1\.0 \(sha256:[0-9a-f]{12}\) deployed to api \(before: localhost\/shop:2\.0\.3 \(sha256:[0-9a-f]{12}\)\)$/,
  )
  expect(watched.words()).toHaveLength(4)
}

describe.skipIf(noPodman !== null)(
  `containers of Podman${noPodman === null ? '' : ` (skipped: ${noPodman})`}`,
  () => {
    let podman: ContainerEngine
    beforeAll(() => {
      podman = createPodman()
      closers.push(() => podman.remove())
      podman.build('localhost/shop:2.0.3')
      podman.build('localhost/shop:2.1.0')
    })

    it('tell what was deployed, what was restarted, what ended by itself and how', async () => {
      process.env.PATH = `${podman.bin}${delimiter}${PATH}`
      await liveThrough(podman)
    })

    const client = findProgram('docker')
    it.skipIf(client === null)(
      `are told alike by Docker's own client${client === null ? ' (skipped: docker is not installed)' : ''}`,
      async () => {
        const socket = join(podman.bin, 'engine.sock')
        const service = spawn(
          join(podman.bin, 'podman'),
          ['system', 'service', '--time', '0', `unix://${socket}`],
          {
            stdio: 'ignore',
          },
        )
        const exited = once(service, 'exit')
        closers.push(async () => {
          service.kill('SIGKILL')
          await exited
        })
        await until(() => existsSync(socket), { timeoutMs: 20_000 })
        const bin = join(podman.bin, 'docker-only')
        mkdirSync(bin)
        // What is told is what Docker's client says.
        writeUnaware(bin, 'podman')
        process.env.PATH = `${bin}${delimiter}${PATH}`
        process.env.DOCKER_HOST = `unix://${socket}`
        podman.start('web', 'localhost/shop:2.0.3')
        const watched = await watchRuns([{ name: 'web', over: 'local', container: 'web' }])
        await watched.looked()
        expect(watched.known.get('web/')?.process?.image?.name).toBe('localhost/shop:2.0.3')
        podman.run('restart', '--time', '0', 'web')
        await watched.told(/^web restarted$/)
        delete process.env.DOCKER_HOST
      },
    )
  },
)

const docker = await startDocker()
if ('whyNot' in docker) it.skip(`containers of Docker (skipped: ${docker.whyNot})`, () => {})
else {
  describe('containers of Docker', () => {
    beforeAll(() => {
      closers.push(() => docker.remove())
      process.env.PATH = `${docker.bin}${delimiter}${PATH}`
      docker.build('localhost/shop:2.0.3')
      docker.build('localhost/shop:2.1.0')
    })

    it('tell what was deployed, what was restarted, what ended by itself and how', () => liveThrough(docker))

    it('tell with which code they ended, and that their memory ran out', async () => {
      const upon = (act: string) => `trap '${act}' USR1; while :; do sleep 0.1; done`
      docker.say('code', 'localhost/shop:2.0.3', upon('exit 3'))
      const grow = 'x=xxxxxxxxxxxxxxxx; while :; do x=$x$x; done'
      docker.say('full', 'localhost/shop:2.0.3', upon(grow), '--memory', '12m')
      const watched = await watchRuns([
        { name: 'code', over: 'local', container: 'code' },
        { name: 'full', over: 'local', container: 'full' },
      ])
      await watched.looked()
      docker.run('kill', '--signal', 'USR1', 'code', 'full')
      await watched.told(/^code ended with exit code 3$/)
      await watched.told(/^full was killed: the memory that it may have ran out$/)
      expect(watched.words()).toHaveLength(2)
    })
  })
}

/** Knows no more of `systemctl` than systemd's manual: `show`, `--property`, `--` and one unit. */
const SYSTEMCTL = `#!/bin/sh
[ $# -eq 4 ] && [ "$1" = show ] && [ "$3" = -- ] || { echo "not as in systemctl(1): $*" >&2; exit 1; }
wanted=\${2#--property=}
known=' LoadState Type ActiveState InvocationID NRestarts Result ExecMainStatus ExecMainStartTimestampMonotonic InactiveEnterTimestampMonotonic '
IFS=,; for name in $wanted; do
  case $known in *" $name "*) grep "^$name=" "$(dirname "$0")/$4" ;; *) echo "no property $name" >&2; exit 1 ;; esac
done`

it('units tell who restarted them, and how they ended (a double of systemctl, as systemd 252 answers)', async () => {
  const home = createTemporaryDirectory('systemctl')
  closers.push(() => home.remove())
  writeFileSync(join(home.path, 'systemctl'), SYSTEMCTL)
  chmodSync(join(home.path, 'systemctl'), 0o755)
  const unit = (changes: Record<string, string>) => {
    const properties = {
      ...{ LoadState: 'loaded', Type: 'notify', ActiveState: 'active', InvocationID: 'aaaa', NRestarts: '0' },
      ...{ Result: 'success', ExecMainStatus: '0', ExecMainStartTimestampMonotonic: '1000000' },
      ...{ InactiveEnterTimestampMonotonic: '0', ...changes },
    }
    const lines = Object.entries(properties).map(([name, value]) => `${name}=${value}\n`)
    writeFileSync(join(home.path, 'api.service'), lines.join(''))
  }
  unit({})
  process.env.PATH = `${home.path}${delimiter}${PATH}`
  const watched = await watchRuns([{ name: 'api', over: 'local', journal: 'api.service' }])
  await watched.looked()
  unit({ InvocationID: 'bbbb' })
  await watched.told(/^api restarted$/)
  unit({ InvocationID: 'cccc', NRestarts: '1' })
  await watched.told(/^api ended and was started again$/)
  unit({
    InvocationID: 'cccc',
    NRestarts: '1',
    ActiveState: 'failed',
    Result: 'oom-kill',
    ExecMainStatus: '9',
  })
  await watched.told(/^api was killed: the memory that it may have ran out$/)
})
