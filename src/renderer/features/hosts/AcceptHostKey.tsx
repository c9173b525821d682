/** A host key to judge: its fingerprint, how to compare it, and accepting it. A changed key takes a second thought. */
import { Button, Checkbox } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi, useKeys } from '../../client/console.tsx'
import { useErrorText } from '../../client/error-text.ts'
import classes from './hosts.module.css'
import type { OfferedKey } from './offered-key.ts'

interface Props {
  readonly offered: OfferedKey
  readonly onAccepted: () => void
}

export function AcceptHostKey({ offered, onAccepted }: Props) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const keys = useKeys()
  const cache = useQueryClient()
  const [sure, setSure] = useState(false)
  const accept = useMutation(
    useApi().hosts.accept.mutationOptions({
      onSuccess: async () => {
        await cache.invalidateQueries({ queryKey: keys.hosts })
        onAccepted()
      },
    }),
  )
  const { host, fingerprint, keyType, known } = offered
  const changed = known !== null
  return (
    <div className={classes.offer}>
      <dl className={classes.fingerprints}>
        {changed && (
          <div>
            <dt>{t('hosts.known')}</dt>
            <dd>{known}</dd>
          </div>
        )}
        <div>
          <dt>{changed ? t('hosts.now', { keyType }) : t('hosts.offered', { keyType })}</dt>
          <dd>{fingerprint}</dd>
        </div>
      </dl>
      <p>
        {t(changed ? 'hosts.compare-changed' : 'hosts.compare')}{' '}
        <code>ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub</code>
      </p>
      {changed && (
        <Checkbox
          size="xs"
          checked={sure}
          onChange={(event) => setSure(event.currentTarget.checked)}
          label={t('hosts.sure')}
        />
      )}
      <Button
        variant="default"
        disabled={changed && !sure}
        loading={accept.isPending}
        onClick={() => accept.mutate({ host, fingerprint })}
      >
        {t('hosts.accept')}
      </Button>
      {accept.isError && (
        <p role="alert" className={classes.failed}>
          {errorText(accept.error)}
        </p>
      )}
    </div>
  )
}
