import { describe, expect, it } from 'vitest'
import { failed, type Place } from '../../../../../../src/main/engine/reach/failed.ts'
import type { PostgresConnection } from '../../../../../../src/main/engine/reach/postgres/connection.ts'
import type { HungUp } from '../../../../../../src/main/engine/reach/postgres/hang-up.ts'
import { LINGERS_MS } from '../../../../../../src/main/engine/reach/postgres/introduce.ts'
import type { Leftover } from '../../../../../../src/main/engine/reach/postgres/leftovers.ts'
import { createOrphans, type RunStatement } from '../../../../../../src/main/engine/reach/postgres/orphans.ts'
import type { Failure } from '../../../../../../src/shared/model/failure.ts'
import { createDrivenClock } from '../../../../../support/driven-clock.ts'

const MINUTE = 60_000
const place: Place = { hop: 'PostgreSQL db:5432', on: 'target' }
const server = { host: 'db', port: 5432, hostaddr: null } as unknown as PostgresConnection['server']
const silent = failed(place, 'protocol', 'postgres-answer-missing', { seconds: 1 })

/** A line that we stayed on. */
function lineOf(isHeld: () => boolean) {
  const over = Promise.withResolvers<'ended' | 'lost'>()
  let isLeft = false
  const line: HungUp = {
    over: over.promise,
    isHeld: () => !isLeft && isHeld(),
    destroy() {
      isLeft = true
      over.resolve('lost')
    },
  }
  return { line, end: over.resolve, isLeft: () => isLeft }
}

function made(leftovers: readonly Leftover[] = [], clock = createDrivenClock()) {
  let down: Failure | null = null
  let gone = 0
  const orphans = createOrphans({
    clock,
    leftovers,
    way: { down: () => down },
    onGone: () => {
      gone += 1
    },
  })
  const lose = (pid: number, line: HungUp | null, { parted = false, isDirect = true } = {}) =>
    orphans.left(
      {
        backend: { pid, startedAt: 'then' },
        server,
        meter: { busyUntil: clock.monotonic() },
        parted: () => parted,
        hungUp: () => line,
        isDirect,
      } as unknown as PostgresConnection,
      silent,
    )
  return {
    clock,
    orphans,
    lose,
    gone: () => gone,
    cutWay() {
      down = failed({ hop: 'ops@bastion:22', on: 'path' }, 'tcp', 'tcp-refused', {
        host: 'bastion',
        port: 22,
      }).failure
    },
  }
}

/** A server on which the processes of these PIDs are, whatever they are told. */
const stillThere =
  (...pids: number[]): RunStatement =>
  async (_text, values) =>
    pids.includes(Number(values[0])) ? [{}] : []

describe('a connection that broke', () => {
  it('counts until the server must have ended it, and no longer', async () => {
    const { clock, orphans, lose } = made()
    lose(1, null)
    expect(orphans.lingering()).toMatchObject({ count: 1, leftMs: LINGERS_MS, hung: silent })
    await clock.advance(LINGERS_MS - 1)
    expect(orphans.lingering().count).toBe(1)
    await clock.advance(1)
    expect(orphans.lingering()).toEqual({ count: 0, leftMs: 0, doubted: 0, riskMs: 0, hung: null })
    // It may be looked for still by whoever is there.
    expect(orphans.count()).toBe(1)
  })

  it('leaves nothing where we parted', () => {
    const { orphans, lose } = made()
    lose(1, null, { parted: true })
    expect(orphans.count()).toBe(0)
  })

  it('counts for as long as the far side holds the line, and not beyond a quarter of an hour', async () => {
    const { clock, orphans, lose } = made()
    let isHeld = true
    const { line } = lineOf(() => isHeld)
    lose(1, line)
    await clock.advance(10 * MINUTE)
    expect(orphans.lingering()).toMatchObject({ count: 1, leftMs: 5_000 })
    isHeld = false
    expect(orphans.lingering().count).toBe(0)
    isHeld = true
    await clock.advance(5 * MINUTE)
    expect(orphans.lingering().count).toBe(0)
  })

  it('is doubted after two minutes where something in between may hold the line', async () => {
    const { clock, orphans, lose } = made()
    lose(1, lineOf(() => true).line, { isDirect: false })
    orphans.leftAtLogin(server, 0, lineOf(() => true).line)
    await clock.advance(2 * MINUTE - 1)
    expect(orphans.lingering()).toMatchObject({ count: 2, doubted: 0 })
    await clock.advance(1)
    expect(orphans.lingering()).toMatchObject({ count: 0, doubted: 2, riskMs: 0, hung: silent })
  })

  it('that was risked beside doubted ones and hangs too lets the next wait, ever longer, until a server answers', async () => {
    const { clock, orphans, lose } = made()
    lose(1, lineOf(() => true).line, { isDirect: false })
    await clock.advance(2 * MINUTE)
    const waits: number[] = []
    for (let risked = 0; risked < 6; risked += 1) {
      orphans.leftAtLogin(server, 0, null)
      waits.push(orphans.lingering().riskMs / MINUTE)
      await clock.advance(orphans.lingering().riskMs)
    }
    expect(waits).toEqual([5, 10, 20, 40, 60, 60])
    const noAnswer = orphans.bury(server, () => Promise.reject(new Error('no answer')))
    await expect(noAnswer).rejects.toThrow('no answer')
    expect(orphans.lingering().riskMs).toBe(60 * MINUTE)
    await orphans.bury(server, stillThere())
    expect(orphans.lingering()).toMatchObject({ count: 0, doubted: 0, riskMs: 0 })
    lose(2, lineOf(() => true).line, { isDirect: false })
    await clock.advance(2 * MINUTE)
    lose(3, null)
    expect(orphans.lingering().riskMs).toBe(5 * MINUTE)
  })

  it('is gone, and that is told, as soon as the server is heard to hang up', async () => {
    const { clock, orphans, lose, gone } = made()
    const { line, end } = lineOf(() => true)
    lose(1, line)
    end('ended')
    await clock.advance(1)
    expect(orphans.count()).toBe(0)
    expect(gone()).toBe(1)
  })

  it.each([
    ['the line broke', 'lost', false],
    ['it was the way that ended it', 'ended', true],
  ] as const)('counts by its time where %s', async (_what, how, isWayDown) => {
    const { clock, orphans, lose, gone, cutWay } = made()
    const { line, end } = lineOf(() => true)
    lose(1, line)
    if (isWayDown) cutWay()
    end(how)
    await clock.advance(1)
    expect(orphans.lingering().count).toBe(1)
    await clock.advance(LINGERS_MS)
    expect(orphans.lingering().count).toBe(0)
    expect(gone()).toBe(0)
  })

  it('that is found at the server after its time counts again, and is looked for after five minutes', async () => {
    const { clock, orphans, lose } = made()
    lose(1, null)
    lose(2, null)
    await clock.advance(LINGERS_MS)
    expect(orphans.lingering().count).toBe(0)
    const burying = orphans.bury(server, stillThere(1, 2))
    await clock.advance(5_000)
    expect(await burying).toMatchObject({ pid: 1 })
    expect(orphans.lingering().count).toBe(2)
    await clock.advance(5 * MINUTE)
    // Frozen for ever or not: it is not waited for in vain for ever.
    expect(orphans.lingering().count).toBe(0)
    expect(await orphans.bury(server, stillThere())).toBeNull()
    expect(orphans.count()).toBe(0)
  })

  it('is left on our side too when the watch ends, or it is found to be gone', async () => {
    const { orphans, lose } = made()
    const [first, second] = [lineOf(() => true), lineOf(() => true)]
    lose(1, first.line)
    lose(2, second.line)
    const burying = orphans.bury(server, async (_text, values) =>
      values[0] === 1 ? [] : Promise.reject(silent),
    )
    await expect(burying).rejects.toBe(silent)
    expect([first.isLeft(), second.isLeft()]).toEqual([true, false])
    await orphans.close()
    expect(second.isLeft()).toBe(true)
    expect(orphans.count()).toBe(0)
  })

  it('is told to the watch that takes the place of this one, by the time that it has', async () => {
    const { clock, orphans, lose } = made()
    lose(1, null)
    await clock.advance(LINGERS_MS - 3_000)
    lose(2, null)
    await clock.advance(3_000)
    const held = lineOf(() => true)
    lose(3, held.line)
    const left = await orphans.close()
    // The first is gone by its time.
    expect(left.map(({ backend }) => backend?.pid)).toEqual([2, 3])
    expect(held.isLeft()).toBe(true)
    const next = made(left, clock)
    expect(next.orphans.lingering()).toMatchObject({ count: 2, leftMs: LINGERS_MS - 3_000, hung: silent })
    await clock.advance(LINGERS_MS)
    expect(next.orphans.lingering().count).toBe(0)
  })
})
