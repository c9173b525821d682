// The page's entry: wiring only.
import '@fontsource-variable/inter/wght.css'
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import './app.css'
import { createRoot } from 'react-dom/client'
import { chooseLanguage } from '#shared/locales/languages.ts'
import { createTranslator } from '#shared/locales/translate.ts'
import { App } from './app.tsx'
import { openConsole } from './client/console.tsx'
import { chooseTransport } from './client/transport.ts'
import { rememberedLanguage } from './shell/language.ts'
import { adoptNonce } from './shell/nonce.ts'

const nonce = adoptNonce(document)
const translator = createTranslator(rememberedLanguage() ?? chooseLanguage(navigator.languages))
const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root.')
createRoot(root).render(
  <App console={openConsole(chooseTransport(location))} translator={translator} nonce={nonce} />,
)
