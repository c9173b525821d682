/** A real HTTP service, restarted by what its profile says: on another machine over a real sshd, on this one, as containers and as a unit. */
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { createTemporaryDirectory } from '../../../demo/servers/temporary-directory.ts'
import { systemClock } from '../../../src/main/engine/clock.ts'
import { createSecretMask } from '../../../src/main/engine/masking/secrets.ts'
import { createRestartKind } from '../../../src/main/engine/operations/restart/kind.ts'
import { createTranslator, operationErrorText } from '../../../src/shared/locales/translate.ts'
import type { Operation } from '../../../src/shared/model/operation.ts'
import type { Restart } from '../../../src/shared/model/profile/restart.ts'
import { startDocker } from '../../support/docker.ts'
import { type RestartableService, startRestartableService } from '../../support/restartable-service.ts'
import { until } from '../../support/until.ts'
import {
  ANNA,
  createWorld,
  NEVER,
  request,
  type World,
} from '../../unit/main/engine/operations/operations-kit.ts'
import { createKit, hopOf } from '../reach/reach-kit.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const english = createTranslator('en')
const PATH = process.env.PATH ?? ''
const closing: (() => unknown)[] = []
let sshd: SshServer

beforeAll(async () => {
  sshd = await startSshd()
})
afterEach(async () => {
  process.env.PATH = PATH
  for (const close of closing.splice(0).toReversed()) await close()
})
afterAll(() => sshd?.stop())

async function startService(): Promise<RestartableService> {
  const service = await startRestartableService()
  closing.push(service.stop)
  return service
}

/** A console that restarts it so. */
async function consoleFor(
  service: RestartableService,
  restart: Restart,
  {
    metrics = null,
    processes = 1,
    world = createWorld(),
  }: { metrics?: string | null; processes?: number; world?: World } = {},
) {
  const kit = await createKit()
  await kit.know(sshd)
  const input = {
    ssh: { hops: [hopOf(sshd)] },
    services: [{ name: 'api', url: service.url, metrics, processes, restart }],
  }
  const profile = kit.profile(input)
  const reach = kit.reach(input)
  const { operations, close } = await world.open({
    reachOf: () => reach,
    deploymentOf: () => ({ profile, paused: false }),
    kinds: [
      createRestartKind({
        clock: systemClock,
        secretMaskFor: async () => createSecretMask(['hunter2hunter2']),
      }),
    ],
  })
  const stop = async () => {
    await operations.stop()
    await close()
  }
  closing.push(() => world.remove(), stop)
  const asked = request({ kind: 'restart-service', options: { service: 'api' } })
  return {
    operations,
    world,
    stop,
    begin: () => operations.start(asked, ANNA, null, NEVER),
    async preview() {
      const { preview } = await operations.preview(asked, ANNA, NEVER)
      return preview
    },
    async run(): Promise<Operation> {
      const { id } = await operations.start(asked, ANNA, null, NEVER)
      await operations.settled(id)
      return operations.get(id)
    },
    notes: async (id: string) => (await operations.log(id)).map(({ reason }) => reason.code),
  }
}

const errorOf = ({ error }: Operation) => (error === null ? null : operationErrorText(english, error))

describe('a declared command', () => {
  const identity = ['cat', 'pid']

  it('is run in the directory of the project over SSH, and the service is another process and well after', async () => {
    const service = await startService()
    const before = service.pid()
    const console = await consoleFor(service, {
      ...{ over: 'ssh', command: ['./restart'], directory: service.directory, identity },
    })
    const preview = await console.preview()
    expect(preview).toMatchObject({ refusals: [], warnings: [], services: ['api'], effect: 'writes' })
    expect(preview.changes).toEqual([
      {
        code: 'restarts-service-in',
        params: {
          ...{ service: 'api', command: './restart', directory: service.directory },
          ...{ machine: 'ssh', user: sshd.user },
        },
      },
      { code: 'service-well-now', params: { service: 'api' } },
    ])
    expect(service.pid()).toBe(before)
    const done = await console.run()
    expect(done).toMatchObject({
      state: 'succeeded',
      target: 'changed',
      result: { renewed: true },
      error: null,
    })
    expect(service.pid()).not.toBe(before)
    expect((await fetch(`${service.url}/ready`)).status).toBe(200)
    // Nothing keeps other consoles off where there is no PostgreSQL, and that is said.
    expect(await console.notes(done.id)).toEqual(['lock-without', 'lock-no-postgres', 'service-new-and-well'])
  })

  it('is seen to have worked by the start that the service itself exposes', async () => {
    const service = await startService()
    const terms: Restart = { over: 'local', command: ['./restart'], directory: service.directory }
    const blind = await consoleFor(service, terms)
    expect((await blind.preview()).warnings.map(({ code }) => code)).toEqual(['restart-unseen'])
    expect((await blind.run()).result).toEqual({ service: 'api', renewed: null })
    const several = await consoleFor(service, terms, { metrics: '/metrics', processes: 2 })
    expect((await several.preview()).warnings.map(({ code }) => code)).toEqual(['restart-unseen'])
    const seeing = await consoleFor(service, terms, { metrics: '/metrics' })
    expect((await seeing.preview()).warnings).toEqual([])
    expect((await seeing.run()).result).toEqual({ service: 'api', renewed: true })
  })

  it('whose identity failed before it proves nothing by working after it', async () => {
    const service = await startService()
    const console = await consoleFor(service, {
      ...{ over: 'local', directory: service.directory, identity: ['cat', 'id'] },
      command: ['sh', '-c', './restart && echo new >id'],
    })
    expect((await console.run()).result).toEqual({ service: 'api', renewed: null })
  })

  it('that fails says what it said, without secrets, and that nothing was changed', async () => {
    const service = await startService()
    const command = ['sh', '-c', 'echo "cannot: password=hunter2hunter2 hunter2hunter2"; exit 3']
    const console = await consoleFor(service, {
      ...{ over: 'ssh', command, directory: service.directory, identity },
    })
    const failed = await console.run()
    expect(failed).toMatchObject({ state: 'failed', target: 'unchanged', error: { code: 'restart-failed' } })
    expect(errorOf(failed)).toMatch(/ended with 3 and said: cannot: /)
    expect(JSON.stringify(failed)).not.toContain('hunter2')
  })

  it('that restarts nothing, or too slowly, or leaves it unwell, is told from one that worked', async () => {
    const service = await startService()
    const here = { over: 'ssh', directory: service.directory, identity, withinSeconds: 5 }
    const idle = await (await consoleFor(service, { ...here, command: ['true'] })).run()
    expect(idle).toMatchObject({ state: 'failed', error: { code: 'restart-same' } })
    const slow = await (await consoleFor(service, { ...here, command: ['sleep', '60'] })).run()
    expect(slow).toMatchObject({ state: 'failed', target: 'unchanged', error: { code: 'restart-late' } })
    writeFileSync(service.at('sick'), '')
    const sick = await consoleFor(service, { ...here, command: ['./restart'] })
    expect((await sick.preview()).changes[1]).toMatchObject({
      code: 'service-unwell-now',
      params: { path: '/ready' },
    })
    const unwell = await sick.run()
    expect(unwell).toMatchObject({ state: 'failed', target: 'changed', error: { code: 'restart-unwell' } })
    expect(errorOf(unwell)).toMatch(/\/ready answers 503/)
  })

  it('is refused where there is no such directory or nothing is declared', async () => {
    const service = await startService()
    const console = await consoleFor(service, { over: 'ssh', command: ['true'], directory: '/nowhere' })
    expect((await console.preview()).refusals.map(({ code }) => code)).toEqual(['restart-no-directory'])
  })
})

describe('a console that stops in the middle', () => {
  it('sees afterwards that the service was restarted, and does not do it again', async () => {
    const service = await startService()
    const before = service.pid()
    writeFileSync(service.at('wait'), '')
    const terms: Restart = {
      ...{ over: 'local', command: ['./restart'], directory: service.directory, identity: ['cat', 'pid'] },
    }
    const first = await consoleFor(service, terms)
    const { id } = await first.begin()
    const after = await until(() => {
      const now = service.pid()
      return now !== null && now !== before && now
    })
    await first.stop()
    closing.splice(closing.indexOf(first.stop), 1)
    rmSync(service.at('wait'))
    const second = await consoleFor(service, terms, { world: first.world })
    expect(await second.operations.get(id)).toMatchObject({
      ...{ state: 'interrupted', steps: [{ id: 'restart', state: 'in_doubt' }, { state: 'pending' }] },
    })
    await second.operations.act(id, 'resume', ANNA, { confirm: null }, NEVER)
    await second.operations.settled(id)
    expect(await second.operations.get(id)).toMatchObject({
      ...{
        state: 'succeeded',
        steps: [{ inspected: 'done' }, { state: 'succeeded' }],
        result: { renewed: true },
      },
    })
    expect(service.pid()).toBe(after)
  })
})

/** Knows of `systemctl` what systemd's manual says: `restart`, and `show` of one unit. */
const SYSTEMCTL = `#!/bin/sh
home=$(dirname "$0")
if [ "$1" = --user ]; then shift; fi
case $1 in
  restart) [ "$2" = -- ] && echo "x$(cat "$home/run")" >"$home/run"; (cd "$home/project" && ./restart) ;;
  show) echo "LoadState=loaded"; echo "Type=notify"; echo "ActiveState=active"; echo "InvocationID=$(cat "$home/run")" ;;
esac`

describe('a unit of systemd', () => {
  it.each([false, true])('of the user: %s (a double of systemctl)', async (user) => {
    const service = await startService()
    const home = createTemporaryDirectory('systemctl')
    closing.push(() => home.remove())
    writeFileSync(
      join(home.path, 'systemctl'),
      SYSTEMCTL.replace('"$home/project"', `"${service.directory}"`),
    )
    chmodSync(join(home.path, 'systemctl'), 0o755)
    writeFileSync(join(home.path, 'run'), 'aaaa')
    process.env.PATH = `${home.path}${delimiter}${PATH}`
    const console = await consoleFor(service, { over: 'local', unit: 'api.service', ...(user && { user }) })
    const [first] = (await console.preview()).changes
    expect(first?.params.command).toBe(`systemctl ${user ? '--user ' : ''}restart api.service`)
    expect(await console.run()).toMatchObject({ state: 'succeeded', result: { renewed: true } })
    expect(readFileSync(join(home.path, 'run'), 'utf8').trim()).toBe('xaaaa')
  })
})

const docker = await startDocker()
if ('whyNot' in docker) it.skip(`containers of Docker (skipped: ${docker.whyNot})`, () => {})
else {
  describe('the containers of a Compose project', () => {
    afterAll(() => docker.remove())

    it('are started anew, but for what ended by itself or was stopped', async () => {
      const service = await startService()
      process.env.PATH = `${docker.bin}${delimiter}${PATH}`
      docker.build('localhost/api:1')
      const label = (name: string, value: string) => ['--label', `com.docker.compose.${name}=${value}`]
      mkdirSync(join(service.directory, 'project'))
      const directory = join(service.directory, 'project')
      const ofApi = [...label('service', 'api'), ...label('project.working_dir', directory)]
      const plain = ['--stop-timeout', '0', ...label('oneoff', 'False'), ...ofApi]
      for (const name of ['api-1', 'api-2', 'api-3']) docker.start(name, 'localhost/api:1', ...plain)
      docker.run('stop', 'api-3')
      docker.say('api-migrate', 'localhost/api:1', 'exit 0', ...label('oneoff', 'True'), ...ofApi)
      docker.run('wait', 'api-migrate')
      const started = (...names: string[]) =>
        docker
          .run('inspect', '--format', '{{.State.StartedAt}}', ...names)
          .trim()
          .split('\n')
      const before = started('api-1', 'api-2')
      const over = started('api-3', 'api-migrate')
      const console = await consoleFor(service, { over: 'local', compose: { directory, service: 'api' } })
      expect(await console.run()).toMatchObject({ state: 'succeeded', result: { renewed: true } })
      started('api-1', 'api-2').forEach((at, index) => {
        expect(at).not.toBe(before[index])
      })
      expect(started('api-3', 'api-migrate')).toEqual(over)
      const other = await consoleFor(service, { over: 'local', compose: { directory, service: 'other' } })
      expect((await other.preview()).refusals.map(({ code }) => code)).toEqual(['restart-no-container'])
    })
  })
}
