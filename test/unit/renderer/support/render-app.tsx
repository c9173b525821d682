/** Draws the whole page in jsdom over a played console. */
import './browser-parts.ts'
import { cleanup, configure, render } from '@testing-library/react'
import { afterEach } from 'vitest'
import { App } from '../../../../src/renderer/app.tsx'
import type { Language } from '../../../../src/shared/locales/languages.ts'
import { createTranslator } from '../../../../src/shared/locales/translate.ts'
import { type Played, type PlayedConsole, playConsole } from './console-over-port.ts'

// A second is too little for a page on a machine that does other things as well; what is there is not waited for.
configure({ asyncUtilTimeout: 10_000 })

let open: PlayedConsole | undefined
afterEach(() => {
  cleanup()
  open?.console.close()
  open = undefined
  localStorage.clear()
  sessionStorage.clear()
})

/** Until the test is over. */
export function keepOpen(played: PlayedConsole): PlayedConsole {
  open = played
  return played
}

export function renderApp(played: Played, { place = '/', language = 'en' as Language } = {}): PlayedConsole {
  location.hash = `#${place}`
  const page = keepOpen(playConsole(played))
  render(<App console={page.console} translator={createTranslator(language)} nonce="" />)
  return page
}
