// @vitest-environment jsdom
import '../support/browser-parts.ts'
import { MantineProvider } from '@mantine/core'
import { fireEvent, render, screen } from '@testing-library/react'
import { I18nextProvider } from 'react-i18next'
import { expect, it, vi } from 'vitest'
import { Dialog } from '../../../../src/renderer/components/dialog/Dialog.tsx'
import { DialogForm } from '../../../../src/renderer/components/dialog/DialogForm.tsx'
import { createTranslator } from '../../../../src/shared/locales/translate.ts'

it('sends itself alone, though a form is around what opens it', async () => {
  const [outer, inner] = [vi.fn(), vi.fn()]
  render(
    <I18nextProvider i18n={createTranslator('en')}>
      <MantineProvider env="test">
        <form onSubmit={outer}>
          <Dialog opened onClose={() => {}} title="Set back">
            <DialogForm submit="Do it" onSubmit={inner} onClose={() => {}}>
              <p>It is set back.</p>
            </DialogForm>
          </Dialog>
        </form>
      </MantineProvider>
    </I18nextProvider>,
  )
  fireEvent.click(await screen.findByRole('button', { name: 'Do it' }))
  expect(inner).toHaveBeenCalledTimes(1)
  expect(outer).not.toHaveBeenCalled()
})
