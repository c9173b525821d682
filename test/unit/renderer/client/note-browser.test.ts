// @vitest-environment jsdom
import { afterEach, expect, it, vi } from 'vitest'
import { createNoteBrowser } from '../../../../src/renderer/client/note-browser.ts'
import type { DesktopNote } from '../../../../src/shared/model/desktop-note.ts'

afterEach(() => vi.unstubAllGlobals())

const NOTE: DesktopNote = {
  ...{ tag: 'i1', title: 'Critical · shop', body: '', language: 'en' },
  ...{ deployment: 'shop', alert: 'a1', isUrgent: true, rings: true },
}

/** @param isOfPhone has the class and its permission, and lets nobody use it: https://crbug.com/481856 */
function browser({ isOfPhone }: { isOfPhone: boolean }) {
  vi.stubGlobal('isSecureContext', true)
  vi.stubGlobal(
    'Notification',
    class extends EventTarget {
      static permission = 'granted'
      constructor() {
        super()
        if (isOfPhone) throw new TypeError('Illegal constructor')
        queueMicrotask(() => this.dispatchEvent(new Event('show')))
      }
    },
  )
  return createNoteBrowser(() => {})
}

it('a browser that shows a note may show more', async () => {
  const { show, mayShow } = browser({ isOfPhone: false })
  expect(await show(NOTE)).toBe('shown')
  expect(mayShow()).toBe(true)
})

it('one that lets nobody show any counts as one only until the first note', async () => {
  const { show, mayShow } = browser({ isOfPhone: true })
  expect(mayShow()).toBe(true)
  expect(await show(NOTE)).toBe('not-shown')
  expect(mayShow()).toBe(false)
})
