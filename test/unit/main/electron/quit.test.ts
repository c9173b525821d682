import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { stopBeforeQuit } from '../../../../src/main/electron/quit.ts'
import { silentLog } from '../../../../src/main/engine/log.ts'
import { until } from '../../../support/until.ts'

/** An app that quits as Electron's does: whoever prevents it has to ask again. */
function createApp() {
  const ends: string[] = []
  const app = Object.assign(new EventEmitter(), {
    quit() {
      let prevented = false
      app.emit('before-quit', { preventDefault: () => (prevented = true) })
      if (!prevented) ends.push('quit')
    },
    exit(code = 0) {
      ends.push(`exit ${code}`)
    },
  })
  return { app, ends }
}

function arranged(stop: () => Promise<void>, timeoutMs = 5_000) {
  const { app, ends } = createApp()
  stopBeforeQuit({ app: app as never, stop, timeoutMs, log: silentLog })
  return { app, ends }
}

describe('quitting', () => {
  it('waits for the engine, which is stopped once however often it is asked', async () => {
    let stops = 0
    const stopped = Promise.withResolvers<void>()
    const { app, ends } = arranged(() => {
      stops += 1
      return stopped.promise
    })
    app.emit('window-all-closed')
    app.quit()
    expect([stops, ends]).toEqual([1, []])
    stopped.resolve()
    await until(() => ends.length > 0)
    expect([stops, ends]).toEqual([1, ['quit']])
  })

  it('ends all the same where the engine fails to stop', async () => {
    const { app, ends } = arranged(() => Promise.reject(new Error('stuck')))
    app.quit()
    await until(() => ends.length > 0)
    expect(ends).toEqual(['exit 1'])
  })

  it('ends all the same where the engine does not stop in time', async () => {
    const { app, ends } = arranged(() => new Promise(() => {}), 20)
    app.quit()
    await until(() => ends.length > 0)
    expect(ends).toEqual(['exit 1'])
  })
})
