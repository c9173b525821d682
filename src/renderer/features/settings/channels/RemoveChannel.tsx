/** Removes a channel after asking: what waits for it goes with it. */
import { Button, Modal } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi, useKeys } from '../../../client/console.tsx'
import { useErrorText } from '../../../client/error-text.ts'
import classes from '../settings.module.css'

export function RemoveChannel({ name, waiting }: { name: string; waiting: number }) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const keys = useKeys()
  const cache = useQueryClient()
  const [asking, setAsking] = useState(false)
  const remove = useMutation(
    useApi().channels.remove.mutationOptions({
      onSuccess: () => {
        setAsking(false)
        return cache.invalidateQueries({ queryKey: keys.channels })
      },
    }),
  )
  const close = () => {
    setAsking(false)
    remove.reset()
  }
  return (
    <>
      <Button
        variant="default"
        size="compact-xs"
        onClick={() => setAsking(true)}
        aria-label={t('channels.remove-name', { name })}
      >
        {t('channels.remove')}
      </Button>
      <Modal
        opened={asking}
        onClose={close}
        title={t('channels.remove-title', { name })}
        closeButtonProps={{ 'aria-label': t('settings.close') }}
      >
        <div className={classes.stack}>
          <p className={classes.text}>
            {waiting > 0 ? t('channels.remove-waiting', { count: waiting }) : t('channels.remove-text')}
          </p>
          {remove.isError && (
            <p role="alert" className={classes.failed}>
              {errorText(remove.error)}
            </p>
          )}
          <div className={classes.row}>
            <Button loading={remove.isPending} onClick={() => remove.mutate({ name })}>
              {t('channels.remove')}
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
