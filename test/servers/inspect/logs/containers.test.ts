// What containers print, as Podman and Docker's own daemon keep it.
import { chmodSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { findProgram } from '../../../../demo/servers/programs.ts'
import { createTemporaryDirectory } from '../../../../demo/servers/temporary-directory.ts'
import { type ContainerEngine, writeUnaware } from '../../../support/container-engine.ts'
import { startDocker } from '../../../support/docker.ts'
import { createPodman, noPodman } from '../../../support/podman.ts'
import { until } from '../../../support/until.ts'
import { failureOf } from '../../reach/reach-kit.ts'
import { logsOf, messages } from './log-kit.ts'

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

const PATH = process.env.PATH ?? ''
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index}`)

const docker = await startDocker()
const ENGINES = [
  { engine: 'Podman', whyNot: noPodman, open: createPodman, drivers: ['k8s-file'] },
  {
    engine: 'Docker',
    ...('whyNot' in docker
      ? { whyNot: docker.whyNot, open: null }
      : { whyNot: null, open: (): ContainerEngine => docker }),
    // What goes to a syslog is kept beside it, to be read ("dual logging", since 20.10); nobody listens at that address.
    drivers: ['json-file', 'local', 'syslog'],
  },
].map((one) => ({ ...one, title: `${one.engine}${one.whyNot === null ? '' : ` (left out: ${one.whyNot})`}` }))

describe.each(ENGINES)('containers of $title', ({ whyNot, open, drivers }) => {
  if (whyNot !== null || open === null) return void it.skip('are read', () => {})
  let engine: ContainerEngine
  beforeAll(() => {
    engine = open()
    process.env.PATH = `${engine.bin}${delimiter}${PATH}`
    engine.build('talker')
  })
  afterAll(async () => {
    process.env.PATH = PATH
    await engine?.remove()
  })

  const COUNTS =
    'i=0; while [ $i -lt 2500 ]; do echo "line $i"; i=$((i+1)); [ $((i%100)) = 0 ] && sleep 0.02; done; sleep 1; echo "ERROR bad" >&2; while :; do sleep 1; done'

  it.each(drivers)('are read at their end, in both directions, and around a moment: %s', async (driver) => {
    const elsewhere = driver === 'syslog' ? ['--log-opt', 'syslog-address=udp://127.0.0.1:9'] : []
    engine.say(`talks-${driver}`, 'talker', COUNTS, '--log-driver', driver, ...elsewhere)
    const logs = await logsOf({ container: `talks-${driver}` })
    const newest = await until(async () => {
      const answer = await logs.read({ limit: 10 }).catch(() => null)
      return answer?.lines.some(({ level }) => level === 'error') === true && answer
    })
    expect(messages(newest)).toEqual([...numbers(2_491, 2_500), 'bad'])
    const before = await logs.read({ limit: 1_000, cursor: newest.older })
    expect(messages(before)).toEqual(numbers(1_491, 2_491))
    const oldest = await logs.read({ limit: 1_000, cursor: before.older })
    expect(messages(oldest)).toEqual(numbers(491, 1_491))
    const forth = await logs.read({ limit: 600, cursor: oldest.older, direction: 'newer' })
    expect(messages(forth)).toEqual(numbers(491, 1_091))
    const at = newest.lines.at(-1)?.at ?? 0
    const around = await logs.read({ at: at + 1_000, limit: 2 })
    expect(messages(around)).toEqual(['line 2499', 'bad'])
    const after = await logs.read({ cursor: newest.newer, direction: 'newer' })
    expect(messages(after)).toEqual(['bad'])
    expect(after.stopped).toBe('end')
  })

  it('of a service of Compose are one log, in the order of time', async () => {
    const labels = (index: number) => [
      ...['--label', 'com.docker.compose.project=shop', '--label', 'com.docker.compose.service=worker'],
      ...['--label', 'com.docker.compose.project.working_dir=/srv/shop', '--label', `number=${index}`],
    ]
    for (const index of [1, 2]) {
      engine.say(
        `shop-worker-${index}`,
        'talker',
        `echo "INFO from ${index}"; while :; do sleep 1; done`,
        ...labels(index),
      )
    }
    for (const compose of [
      { project: 'shop', service: 'worker' },
      { directory: '/srv/shop', service: 'worker' },
    ]) {
      const logs = await logsOf({ compose })
      const answer = await until(async () => {
        const read = await logs.read().catch(() => null)
        return read?.lines.length === 2 && read
      })
      expect(messages(answer)).toEqual(['from 1', 'from 2'])
      const names = answer.lines.flatMap(({ fields }) => fields.filter(({ name }) => name === 'container'))
      expect(names.map(({ value }) => value)).toEqual(['shop-worker-1', 'shop-worker-2'])
    }
  })

  it('of which the engine keeps no lines are not told as silent', async () => {
    engine.say('unheard', 'talker', 'echo nobody hears; while :; do sleep 1; done', '--log-driver', 'none')
    const logs = await logsOf({ container: 'unheard' })
    const kept = {
      code: 'log-unreadable',
      params: { path: 'unheard', words: expect.stringContaining('driver') },
    }
    expect(await failureOf(logs.read())).toMatchObject(kept)
    expect(await failureOf(logs.read({ at: Date.now() }))).toMatchObject(kept)
  })

  it('that said nothing are silent, and those that are gone have what they said', async () => {
    engine.say('silent', 'talker', 'while :; do sleep 1; done')
    expect(messages(await (await logsOf({ container: 'silent' })).read())).toEqual([])
    engine.say('gone', 'talker', 'echo "FATAL no way on" >&2; exit 3')
    const logs = await logsOf({ container: 'gone' })
    expect(messages(await until(async () => (await logs.read()).lines.length === 1 && logs.read()))).toEqual([
      'no way on',
    ])
  })

  it('that are not there are missed by name', async () => {
    const none = await failureOf((await logsOf({ container: 'nobody' })).read())
    expect(none).toMatchObject({ code: 'log-container-missing', params: { container: 'nobody' } })
    const service = await failureOf((await logsOf({ compose: { project: 'shop', service: 'none' } })).read())
    expect(service).toMatchObject({ code: 'log-container-missing', params: { container: 'shop: none' } })
  })
})

const client = findProgram('docker')
it.skipIf(client === null)(
  `says that Docker's daemon is not to be reached${client === null ? ' (left out: docker is not installed)' : ''}`,
  async () => {
    const home = createTemporaryDirectory('no-docker')
    onTestFinished(() => home.remove())
    const program = join(home.path, 'docker')
    writeFileSync(program, `#!/bin/sh\nexec ${client} --host unix://${home.path}/none.sock "$@"\n`)
    chmodSync(program, 0o755)
    writeUnaware(home.path, 'podman')
    process.env.PATH = `${home.path}${delimiter}${PATH}`
    const words = expect.stringMatching(/^Cannot connect to the Docker daemon/)
    for (const source of [{ container: 'api' }, { compose: { project: 'shop', service: 'api' } }]) {
      const failure = await failureOf((await logsOf(source)).read())
      expect(failure).toMatchObject({ code: 'log-unreadable', params: { words } })
    }
  },
)
