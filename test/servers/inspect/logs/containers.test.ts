// What containers print, on a real Podman, whose command line is Docker's. Docker's own engine was not to be had here.
import { delimiter } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { cannotContain, createPodman, type Podman } from '../../../support/podman.ts'
import { until } from '../../../support/until.ts'
import { failureOf } from '../../reach/reach-kit.ts'
import { logsOf, messages } from './log-kit.ts'

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

const PATH = process.env.PATH ?? ''
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index}`)

describe.skipIf(cannotContain !== null)(
  `containers${cannotContain === null ? '' : ` (left out: ${cannotContain})`}`,
  () => {
    let podman: Podman
    beforeAll(() => {
      podman = createPodman()
      process.env.PATH = `${podman.bin}${delimiter}${PATH}`
      podman.build('talker')
    })
    afterAll(async () => {
      process.env.PATH = PATH
      await podman?.remove()
    })

    const COUNTS =
      'i=0; while [ $i -lt 2500 ]; do echo "line $i"; i=$((i+1)); [ $((i%100)) = 0 ] && sleep 0.02; done; sleep 1; echo "ERROR bad" >&2; while :; do sleep 1; done'

    it('are read at their end, in both directions, and around a moment', async () => {
      podman.say('talks', 'talker', COUNTS)
      const logs = await logsOf({ container: 'talks' })
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
        podman.say(
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

    it('that are not there are missed by name', async () => {
      const none = await failureOf((await logsOf({ container: 'nobody' })).read())
      expect(none).toMatchObject({ code: 'log-container-missing', params: { container: 'nobody' } })
      const service = await failureOf(
        (await logsOf({ compose: { project: 'shop', service: 'none' } })).read(),
      )
      expect(service).toMatchObject({ code: 'log-container-missing', params: { container: 'shop: none' } })
    })
  },
)
