/** Removes a deployment after asking; in production its name has to be typed. */
import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Environment } from '#shared/model/profile/deployment.ts'
import { useApi } from '../../../client/console.tsx'
import { useErrorText } from '../../../client/error-text.ts'
import { Dialog } from '../../../components/dialog/Dialog.tsx'
import { DialogForm } from '../../../components/dialog/DialogForm.tsx'
import classes from '../settings.module.css'

interface Props {
  readonly name: string
  readonly environment: Environment
  readonly onRemoved?: () => void
  /** In a row of a table. */
  readonly compact?: boolean
}

export function RemoveDeployment({ name, environment, onRemoved, compact = false }: Props) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const [asking, setAsking] = useState(false)
  const [typed, setTyped] = useState('')
  const guarded = environment === 'production'
  const remove = useMutation(
    useApi().deployments.remove.mutationOptions({
      onSuccess: () => {
        setAsking(false)
        onRemoved?.()
      },
    }),
  )
  function close() {
    setAsking(false)
    setTyped('')
    remove.reset()
  }
  return (
    <>
      <Button
        variant="default"
        size={compact ? 'compact-xs' : 'xs'}
        onClick={() => setAsking(true)}
        aria-label={t('deployments.remove-name', { name })}
      >
        {t('deployments.remove')}
      </Button>
      <Dialog opened={asking} onClose={close} title={t('deployments.remove-title', { name })}>
        <DialogForm
          submit={t('deployments.remove')}
          isReady={!guarded || typed === name}
          isBusy={remove.isPending}
          error={remove.isError ? errorText(remove.error) : null}
          isCautious={!guarded}
          onSubmit={() => remove.mutate({ name })}
          onClose={close}
        >
          <p className={classes.text}>{t('deployments.remove-text')}</p>
          {guarded && (
            <TextInput
              data-autofocus
              label={t('deployments.remove-type', { name })}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              autoComplete="off"
            />
          )}
        </DialogForm>
      </Dialog>
    </>
  )
}
