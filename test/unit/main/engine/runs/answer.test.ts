// What machines answered, recorded: Docker as its documentation has it, Podman 4.3 and systemd 252 as they said it.
import { describe, expect, it } from 'vitest'
import { readAnswer } from '../../../../../src/main/engine/runs/answer.ts'

const NOW = Date.parse('2026-11-28T05:00:00Z')
const MARK = '=vakhta= '
const answer = (...places: string[]) =>
  readAnswer(`${MARK}uptime\n3600.50 7000.00\n${places.map((said) => `${MARK}place\n${said}`).join('')}`, NOW)

const DOCKER = {
  id: '4d65ecb015083271ab9dcc1bb5c364b4691e52015ae0df0781eda89983528b6f',
  name: '/shop-api-1',
  image: 'registry.example.com/shop:2.1.0',
  imageId: 'sha256:34f1e878ed638b0706f1f7bb40dc4907c8ce51dd4ea4095daecb24b157886205',
  restarts: 2,
  state: 'running',
  startedAt: '2026-11-28T04:36:59.179344216Z',
  finishedAt: '0001-01-01T00:00:00Z',
  exitCode: 0,
  outOfMemory: false,
}
const docker = (rest: object = {}) => `${JSON.stringify({ ...DOCKER, ...rest })}\n`
const images = (...digests: string[]) => `${MARK}images\n${JSON.stringify({ id: DOCKER.imageId, digests })}\n`

describe('containers', () => {
  it('of Docker: their run, their image with its digest, and how often they were started again', () => {
    expect(answer(docker() + images('registry.example.com/shop@sha256:249f9d04'))).toEqual([
      [
        {
          of: '',
          process: {
            id: `${DOCKER.id} ${DOCKER.startedAt}`,
            startedAt: Date.parse('2026-11-28T04:36:59.179Z'),
            image: { name: 'registry.example.com/shop:2.1.0', digest: 'sha256:249f9d04' },
            restarts: 2,
            ended: null,
          },
        },
      ],
    ])
  })

  it('of an image that is from no registry are told by its id, as Docker and Podman write it', () => {
    const digest = DOCKER.imageId
    for (const imageId of [DOCKER.imageId, DOCKER.imageId.slice('sha256:'.length)]) {
      expect(answer(docker({ imageId }) + images())[0]?.[0]?.process?.image?.digest).toBe(digest)
    }
  })

  it.each([
    ['memory', { state: 'exited', exitCode: 137, outOfMemory: true }, '137'],
    ['signal', { state: 'exited', exitCode: 137 }, '9'],
    ['code', { state: 'exited', exitCode: 3 }, '3'],
    ['stopped', { state: 'exited', exitCode: 0 }, '0'],
    ['code', { state: 'dead', exitCode: 1 }, '1'],
  ])('that ended say how: %s', (how, rest, detail) => {
    const said = docker({ ...rest, finishedAt: '2026-11-28T04:37:01.7Z' }) + images()
    const at = Date.parse('2026-11-28T04:37:01.7Z')
    expect(answer(said)[0]?.[0]?.process?.ended).toEqual({ how, detail, at })
  })

  it('that are being started again, or paused, have not ended; those that were only made are none', () => {
    for (const state of ['restarting', 'paused'])
      expect(answer(docker({ state }))[0]?.[0]?.process?.ended).toBeNull()
    expect(answer(docker({ state: 'created' }))).toEqual([[]])
  })

  it('of a Compose service with several are told apart by their names', () => {
    const said = docker() + docker({ id: 'b'.repeat(64), name: '/shop-api-2' }) + images()
    expect(answer(said)[0]?.map(({ of }) => of)).toEqual(['shop-api-1', 'shop-api-2'])
  })
})

describe('units', () => {
  const UNIT = `Type=simple
NRestarts=1
Result=success
ExecMainStatus=0
ExecMainStartTimestampMonotonic=600500000
LoadState=loaded
ActiveState=active
InactiveEnterTimestampMonotonic=0
InvocationID=5f0c9b1f6a0e4b0f8d1e2a3b4c5d6e7f
`
  const unit = (...changes: [string, string][]) =>
    changes.reduce(
      (text, [name, value]) => text.replace(new RegExp(`^${name}=.*$`, 'm'), `${name}=${value}`),
      UNIT,
    )

  it('tell their run, when it began by the machine’s own clock, and how often they were started again', () => {
    expect(answer(UNIT)).toEqual([
      [
        {
          of: '',
          process: {
            id: '5f0c9b1f6a0e4b0f8d1e2a3b4c5d6e7f',
            // The machine has been up for an hour, and this began ten minutes after it.
            startedAt: NOW - 3_000_000,
            image: null,
            restarts: 1,
            ended: null,
          },
        },
      ],
    ])
  })

  it.each([
    ['memory', 'failed', 'oom-kill', '9', '9'],
    ['signal', 'failed', 'signal', '11', '11'],
    ['signal', 'failed', 'core-dump', '6', '6'],
    ['code', 'failed', 'exit-code', '3', '3'],
    ['failed', 'failed', 'watchdog', '0', 'watchdog'],
    ['failed', 'failed', 'start-limit-hit', '1', 'start-limit-hit'],
    ['stopped', 'inactive', 'success', '0', '0'],
  ])('that ended say how: %s (%s, %s)', (how, state, result, status, detail) => {
    const said = unit(['ActiveState', state], ['Result', result], ['ExecMainStatus', status])
    expect(answer(said)[0]?.[0]?.process?.ended).toMatchObject({ how, detail })
  })

  it('that are not there, never ran, or run once and are over, are none', () => {
    expect(answer(unit(['LoadState', 'not-found']))).toEqual([[]])
    expect(answer(unit(['InvocationID', '']))).toEqual([[]])
    expect(answer(unit(['Type', 'oneshot']))).toEqual([[]])
  })
})

it('keeps places in their order, also where one is not known, and takes nonsense for nothing', () => {
  const [first, second, third, fourth] = answer(
    docker() + images(),
    '',
    '{"id": broken\n',
    'LoadState=loaded\n',
  )
  expect(first).toHaveLength(1)
  expect([second, third, fourth]).toEqual([[], [], []])
  expect(readAnswer('', NOW)).toEqual([])
})
