/** Removes a secret after asking; one that is in use is refused by the console, and the reason is shown. */
import { Button, Modal } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi, useKeys } from '../../../client/console.tsx'
import { useErrorText } from '../../../client/error-text.ts'
import classes from '../settings.module.css'

export function RemoveSecret({ name, usedBy }: { name: string; usedBy: readonly string[] }) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const keys = useKeys()
  const cache = useQueryClient()
  const [asking, setAsking] = useState(false)
  const remove = useMutation(
    useApi().secrets.remove.mutationOptions({
      onSuccess: () => {
        setAsking(false)
        return cache.invalidateQueries({ queryKey: keys.secrets })
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
        aria-label={t('secrets.remove-name', { name })}
      >
        {t('secrets.remove')}
      </Button>
      <Modal
        opened={asking}
        onClose={close}
        title={t('secrets.remove-title', { name })}
        closeButtonProps={{ 'aria-label': t('settings.close') }}
      >
        <div className={classes.stack}>
          <p className={classes.text}>
            {usedBy.length > 0
              ? t('secrets.remove-used', { deployments: usedBy.join(', ') })
              : t('secrets.remove-text')}
          </p>
          {remove.isError && (
            <p role="alert" className={classes.failed}>
              {errorText(remove.error)}
            </p>
          )}
          <div className={classes.row}>
            <Button
              loading={remove.isPending}
              disabled={usedBy.length > 0}
              onClick={() => remove.mutate({ name })}
            >
              {t('secrets.remove')}
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
