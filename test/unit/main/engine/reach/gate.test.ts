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
})
