/** What going on, or taking back, would do; then why, and the deployment's name. What is typed is for this one alone. */
import { Button, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Wanted } from './confirmation.ts'
import classes from './operations.module.css'
import { PreviewLines } from './PreviewLines.tsx'

interface Props {
  readonly wanted: Wanted
  /** What the button is called that does it. */
  readonly act: string
  readonly onConfirm: (terms: { readonly confirm: string; readonly reason: string }) => void
}

export function ConfirmAct({ wanted: { deployment, preview }, act, onConfirm }: Props) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState('')
  const isWhole = typed === deployment && reason.trim() !== ''

  function confirm(event: FormEvent) {
    event.preventDefault()
    if (isWhole) onConfirm({ confirm: typed, reason: reason.trim() })
  }

  return (
    <form className={classes.form} aria-label={act} onSubmit={confirm}>
      <PreviewLines preview={preview} isAsked={false} />
      <Textarea
        label={t('operations.reason')}
        placeholder={t('operations.reason-needed')}
        value={reason}
        maxLength={500}
        rows={2}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <TextInput
        label={t('operations.confirm', { name: deployment })}
        value={typed}
        autoComplete="off"
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <div className={classes.buttons}>
        <Button type="submit" size="compact-sm" disabled={!isWhole}>
          {act}
        </Button>
      </div>
    </form>
  )
}
