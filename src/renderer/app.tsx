/** The app: its providers, its shell and its routes. */
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import type { i18n } from 'i18next'
import { I18nextProvider } from 'react-i18next'
import { Router } from 'wouter'
import { useAheadLocation } from './client/ahead.ts'
import { type Console, ConsoleProvider } from './client/console.tsx'
import { Routes, ScreensAhead } from './routes.tsx'
import { Shell } from './shell/Shell.tsx'
import { resolveVariables, theme } from './theme.ts'

interface AppProps {
  readonly console: Console
  readonly translator: i18n
  readonly nonce: string
}

export function App({ console, translator, nonce }: AppProps) {
  return (
    <I18nextProvider i18n={translator}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={resolveVariables}
        defaultColorScheme="dark"
        getStyleNonce={() => nonce}
        deduplicateInlineStyles
      >
        <Notifications position="bottom-right" />
        <ConsoleProvider console={console}>
          <Router hook={useAheadLocation}>
            <Shell ahead={<ScreensAhead />}>
              <Routes />
            </Shell>
          </Router>
        </ConsoleProvider>
      </MantineProvider>
    </I18nextProvider>
  )
}
