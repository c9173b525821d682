/** Why something is done, and, where it has to be confirmed, the name of what it is done to. */
import { Textarea, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

interface Props {
  readonly reason: string
  readonly onReason: (reason: string) => void
  /** What is to be typed; `null`: nothing. */
  readonly confirm: string | null
  readonly typed: string
  readonly onTyped: (typed: string) => void
  /** Between the two. */
  readonly children?: ReactNode
}

export function ConfirmFields({ reason, onReason, confirm, typed, onTyped, children }: Props) {
  const { t } = useTranslation()
  return (
    <>
      <Textarea
        label={t('operations.reason')}
        placeholder={t('operations.reason-optional')}
        value={reason}
        maxLength={500}
        minRows={1}
        autosize
        data-autofocus
        onChange={(event) => onReason(event.currentTarget.value)}
      />
      {children}
      {confirm !== null && (
        <TextInput
          label={t('operations.confirm', { name: confirm })}
          value={typed}
          autoComplete="off"
          onChange={(event) => onTyped(event.currentTarget.value)}
        />
      )}
    </>
  )
}
