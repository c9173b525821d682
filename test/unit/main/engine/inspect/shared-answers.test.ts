import { describe, expect, it } from 'vitest'
import { createSharedAnswers } from '../../../../../src/main/engine/inspect/shared-answers.ts'
import { createDrivenClock } from '../../../../support/driven-clock.ts'

const NEVER = new AbortController().signal

function asked() {
  const clock = createDrivenClock()
  const answers = createSharedAnswers({ clock })
  const works: { answer: PromiseWithResolvers<string>; signal: AbortSignal }[] = []
  const ask = (key: string, signal: AbortSignal = NEVER) =>
    answers.ask(key, signal, (untilNobodyWaits) => {
      const answer = Promise.withResolvers<string>()
      works.push({ answer, signal: untilNobodyWaits })
      return answer.promise
    })
  return { clock, answers, works, ask }
}

describe('shared answers', () => {
  it('ask once for two who ask at the same time, and once more after a second', async () => {
    const { clock, works, ask } = asked()
    const both = [ask('shop/activity'), ask('shop/activity')]
    works[0]?.answer.resolve('busy')
    expect(await Promise.all(both)).toEqual(['busy', 'busy'])
    await clock.advance(999)
    expect(await ask('shop/activity')).toBe('busy')
    expect(works).toHaveLength(1)
    await clock.advance(1)
    const again = ask('shop/activity')
    expect(works).toHaveLength(2)
    works[1]?.answer.resolve('idle')
    expect(await again).toBe('idle')
  })

  it('ask apart what is not the same', () => {
    const { works, ask } = asked()
    void ask('shop/activity')
    void ask('shop/tables')
    void ask('bank/activity')
    expect(works).toHaveLength(3)
  })

  it('share a failure, too', async () => {
    const { works, ask } = asked()
    const first = ask('shop/activity')
    works[0]?.answer.reject(new Error('down'))
    await expect(first).rejects.toThrow('down')
    await expect(ask('shop/activity')).rejects.toThrow('down')
    expect(works).toHaveLength(1)
  })

  it('go on while one of two still waits, and are ended when nobody does', async () => {
    const { works, ask } = asked()
    const [one, two] = [new AbortController(), new AbortController()]
    const first = ask('shop/activity', one.signal)
    const second = ask('shop/activity', two.signal)
    one.abort(new Error('gone'))
    await expect(first).rejects.toThrow('gone')
    expect(works[0]?.signal.aborted).toBe(false)
    two.abort(new Error('gone, too'))
    await expect(second).rejects.toThrow('gone, too')
    expect(works[0]?.signal.aborted).toBe(true)
    void ask('shop/activity')
    expect(works).toHaveLength(2)
  })

  it('leave no timer behind, and answer nobody after their end', async () => {
    const { clock, answers, works, ask } = asked()
    const first = ask('shop/activity')
    works[0]?.answer.resolve('busy')
    await first
    expect(clock.waiting()).toBe(1)
    answers.close()
    expect(clock.waiting()).toBe(0)
    await expect(ask('shop/activity')).rejects.toThrow('stops')
  })
})
