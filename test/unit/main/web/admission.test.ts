import { expect, it } from 'vitest'
import { createAdmission, MOST_CALLS, MOST_WAITING_BYTES } from '../../../../src/main/web/admission.ts'

function createFlow() {
  const flow = { waiting: 0, reading: true }
  const admission = createAdmission({
    waitingBytes: () => flow.waiting,
    stopReading: () => {
      flow.reading = false
    },
    goOnReading: () => {
      flow.reading = true
    },
  })
  return { flow, admission }
}

const forever = new AbortController().signal

it('lets so many calls in, and the next ones in order as others leave', async () => {
  const { admission, flow } = createFlow()
  const leaves = await Promise.all(Array.from({ length: MOST_CALLS }, () => admission.enter(forever)))
  const order: string[] = []
  const first = admission.enter(forever).then(() => order.push('first'))
  const second = admission.enter(forever).then(() => order.push('second'))
  expect(flow.reading).toBe(false)
  leaves[0]?.()
  await first
  expect(order).toEqual(['first'])
  leaves[1]?.()
  await second
  expect(order).toEqual(['first', 'second'])
  expect(flow.reading).toBe(true)
})

it('counts a call that leaves twice once', async () => {
  const { admission, flow } = createFlow()
  const leaves = await Promise.all(Array.from({ length: MOST_CALLS }, () => admission.enter(forever)))
  leaves[0]?.()
  leaves[0]?.()
  await admission.enter(forever)
  void admission.enter(forever)
  expect(flow.reading).toBe(false)
})

it('lets nobody in while answers wait to be read', async () => {
  const { admission, flow } = createFlow()
  flow.waiting = MOST_WAITING_BYTES + 1
  let entered = false
  const turn = admission.enter(forever).then(() => {
    entered = true
  })
  await Promise.resolve()
  expect({ entered, reading: flow.reading }).toEqual({ entered: false, reading: false })
  flow.waiting = 0
  admission.drained()
  await turn
  expect({ entered, reading: flow.reading }).toEqual({ entered: true, reading: true })
})

it('forgets a call that gives up while it waits', async () => {
  const { admission, flow } = createFlow()
  const leaves = await Promise.all(Array.from({ length: MOST_CALLS }, () => admission.enter(forever)))
  const gone = new AbortController()
  const turn = admission.enter(gone.signal)
  gone.abort(new Error('gone'))
  await expect(turn).rejects.toThrow('gone')
  leaves[0]?.()
  await admission.enter(forever)
  expect(flow.reading).toBe(true)
})

it('holds an answer back until there is room, or the socket is closed', async () => {
  const { admission, flow } = createFlow()
  await admission.room()
  flow.waiting = MOST_WAITING_BYTES + 1
  let sent = 0
  const drained = admission.room().then(() => {
    sent += 1
  })
  flow.waiting = 0
  admission.drained()
  await drained
  flow.waiting = MOST_WAITING_BYTES + 1
  const closed = admission.room().then(() => {
    sent += 1
  })
  admission.close()
  await closed
  expect(sent).toBe(2)
})

it('is stuck when nothing was taken between three looks; slow is not stuck', () => {
  const { admission, flow } = createFlow()
  flow.waiting = MOST_WAITING_BYTES + 1
  expect([admission.isStuck(), admission.isStuck()]).toEqual([false, false])
  admission.drained()
  expect([admission.isStuck(), admission.isStuck(), admission.isStuck()]).toEqual([false, false, true])
  flow.waiting = 0
  expect(admission.isStuck()).toBe(false)
})
