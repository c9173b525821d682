/** Draws a part of a page in jsdom over a played console, with what it finds around it on each screen. */
import { MantineProvider } from '@mantine/core'
import { render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { I18nextProvider } from 'react-i18next'
import { ConsoleProvider } from '../../../../src/renderer/client/console.tsx'
import { OperationAsking } from '../../../../src/renderer/features/operations/OperationAsking.tsx'
import { createTranslator } from '../../../../src/shared/locales/translate.ts'
import { type Played, type PlayedConsole, playConsole } from './console-over-port.ts'
import { keepOpen } from './render-app.tsx'

export function renderPart(played: Played, part: ReactNode): PlayedConsole {
  const open = keepOpen(playConsole(played))
  render(
    <I18nextProvider i18n={createTranslator('en')}>
      <MantineProvider env="test">
        <ConsoleProvider console={open.console}>
          <OperationAsking>{part}</OperationAsking>
        </ConsoleProvider>
      </MantineProvider>
    </I18nextProvider>,
  )
  return open
}
