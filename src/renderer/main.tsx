// The page's entry: wiring only.
import '@fontsource-variable/inter/wght.css'
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import './app.css'
import { createRoot } from 'react-dom/client'
import { navigate } from 'wouter/use-hash-location'
import { DESKTOP_ORIGIN } from '#shared/desktop-port.ts'
import { chooseLanguage } from '#shared/locales/languages.ts'
import { createTranslator } from '#shared/locales/translate.ts'
import { App } from './app.tsx'
import { openConsole } from './client/console.tsx'
import { followDesktopNotes } from './client/desktop-notes.ts'
import { createNoteBrowser } from './client/note-browser.ts'
import { chooseTransport } from './client/transport.ts'
import { places } from './places.ts'
import { rememberedLanguage } from './shell/language.ts'
import { adoptNonce } from './shell/nonce.ts'

const nonce = adoptNonce(document)
const translator = createTranslator(rememberedLanguage() ?? chooseLanguage(navigator.languages))
const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root.')
const console = openConsole(chooseTransport(location))
// The desktop app shows its notifications itself.
if (location.origin !== DESKTOP_ORIGIN) {
  followDesktopNotes(
    console,
    createNoteBrowser((alert) => navigate(alert === null ? places.alerts() : places.alerts('open', alert))),
  )
}
createRoot(root).render(<App console={console} translator={translator} nonce={nonce} />)
