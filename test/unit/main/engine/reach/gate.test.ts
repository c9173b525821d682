import { describe, expect, it } from 'vitest'
import { createGate } from '../../../../../src/main/engine/reach/gate.ts'

const forever = new AbortController().signal

describe('a gate', () => {
  it('lets so many through at once, in the order in which they came', async () => {
    const gate = createGate(3)
    const order: number[] = []
    let inside = 0
    let most = 0
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        gate.pass(forever, async () => {
          inside += 1
          most = Math.max(most, inside)
          order.push(index)
          await new Promise((resolve) => setImmediate(resolve))
          inside -= 1
        }),
      ),
    )
    expect(most).toBe(3)
    expect(order).toEqual(Array.from({ length: 20 }, (_, index) => index))
  })

  it('forgets who gave up waiting, and goes on after a failure', async () => {
    const gate = createGate(1)
    const first = Promise.withResolvers<void>()
    const failing = gate.pass(forever, () => first.promise)
    const controller = new AbortController()
    const waiting = gate.pass(controller.signal, async () => 'never')
    const third = gate.pass(forever, async () => 'third')
    controller.abort(new Error('gave up'))
    await expect(waiting).rejects.toThrow('gave up')
    first.reject(new Error('failed inside'))
    await expect(failing).rejects.toThrow('failed inside')
    expect(await third).toBe('third')
    await expect(gate.pass(controller.signal, async () => 'late')).rejects.toThrow('gave up')
  })

  it('lets others through while some wait aside, but no more of those than it allows', async () => {
    const gate = createGate(2, 1)
    const begun: number[] = []
    const ends = Array.from({ length: 5 }, () => Promise.withResolvers<void>())
    const turn = () => new Promise((resolve) => setImmediate(resolve))
    const passing = ends.map(({ promise }, index) =>
      gate.pass(forever, async (stepAside) => {
        begun.push(index)
        stepAside()
        stepAside()
        await promise
      }),
    )
    await turn()
    // One is aside, and two keep the places because nobody else may be.
    expect(begun).toEqual([0, 1, 2])
    ends[0]?.resolve()
    await turn()
    expect(begun).toEqual([0, 1, 2, 3])
    // The one that went had its place still.
    ends[2]?.resolve()
    await turn()
    expect(begun).toEqual([0, 1, 2, 3, 4])
    for (const { resolve } of ends) resolve()
    await Promise.all(passing)
    expect(await gate.pass(forever, async () => 'free')).toBe('free')
  })
})
