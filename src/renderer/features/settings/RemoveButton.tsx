/** A button that removes something after asking, and says why where it cannot. */
import { Button, Modal } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useErrorText } from '../../client/error-text.ts'
import classes from './settings.module.css'

interface Props {
  readonly label: string
  /** With the name of what is removed: there is a button in each row. */
  readonly longLabel: string
  readonly title: string
  /** What follows from it. */
  readonly text: string
  readonly disabled?: boolean
  readonly remove: () => Promise<unknown>
  /** What is fetched again afterwards. */
  readonly listed: readonly unknown[]
}

export function RemoveButton({ label, longLabel, title, text, disabled = false, remove, listed }: Props) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const cache = useQueryClient()
  const [asking, setAsking] = useState(false)
  const removal = useMutation({
    mutationFn: remove,
    onSuccess: () => {
      setAsking(false)
      return cache.invalidateQueries({ queryKey: listed })
    },
  })
  const close = () => {
    setAsking(false)
    removal.reset()
  }
  return (
    <>
      <Button variant="default" size="compact-xs" onClick={() => setAsking(true)} aria-label={longLabel}>
        {label}
      </Button>
      <Modal
        opened={asking}
        onClose={close}
        title={title}
        closeButtonProps={{ 'aria-label': t('settings.close') }}
      >
        <div className={classes.stack}>
          <p className={classes.text}>{text}</p>
          {removal.isError && (
            <p role="alert" className={classes.failed}>
              {errorText(removal.error)}
            </p>
          )}
          <div className={classes.row}>
            <Button loading={removal.isPending} disabled={disabled} onClick={() => removal.mutate()}>
              {label}
            </Button>
            <Button variant="default" onClick={close} data-autofocus>
              {t('settings.cancel')}
            </Button>
          </div>
        </div>
      </Modal>
    </>
  )
}
