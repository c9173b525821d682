/** What a dialog asks for: its fields, why it could not be done, the button that does it, and the one that does not. */
import { Button } from '@mantine/core'
import type { FormEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { DialogButtons } from './DialogButtons.tsx'
import classes from './dialog.module.css'

interface Props {
  /** What the button is called that does it. */
  readonly submit: string
  /** What the button is called that does nothing, where “Cancel” might be what the dialog does. */
  readonly leave?: string | undefined
  readonly isReady?: boolean
  readonly isBusy?: boolean
  /** What it does is not to be missed: until it is done there is no way out. */
  readonly isHeld?: boolean
  /** Why it could not be done. */
  readonly error?: string | null
  /** Whoever hits `Enter` without a look does nothing: of what cannot be taken back. */
  readonly isCautious?: boolean
  readonly onSubmit: () => void
  readonly onClose: () => void
  /** Further buttons. */
  readonly besides?: ReactNode
  readonly children: ReactNode
}

export function DialogForm({
  submit,
  leave,
  isReady = true,
  isBusy = false,
  isHeld = false,
  error = null,
  isCautious = false,
  onSubmit,
  onClose,
  besides,
  children,
}: Props) {
  const { t } = useTranslation()
  function send(event: FormEvent) {
    event.preventDefault()
    // A dialog stands in the page by itself, and in React within whatever opens it: a form around its button is not sent with it.
    event.stopPropagation()
    if (isReady && !isBusy) onSubmit()
  }
  return (
    <form className={classes.body} onSubmit={send}>
      {children}
      {error !== null && (
        <p role="alert" className={classes.failed}>
          {error}
        </p>
      )}
      <DialogButtons>
        <Button type="submit" loading={isBusy} disabled={!isReady}>
          {submit}
        </Button>
        {besides}
        <Button
          variant="default"
          onClick={onClose}
          disabled={isHeld}
          data-autofocus={isCautious || undefined}
        >
          {leave ?? t('settings.cancel')}
        </Button>
      </DialogButtons>
    </form>
  )
}
