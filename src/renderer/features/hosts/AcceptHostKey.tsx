/** A host key to judge: its fingerprint, how to compare it, and accepting it. A changed key takes the host's name, typed. */
import { Button, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi, useKeys } from '../../client/console.tsx'
import { useErrorText } from '../../client/error-text.ts'
import { CopyLine } from '../../components/CopyLine.tsx'
import { Fingerprints } from './Fingerprints.tsx'
import classes from './hosts.module.css'
import type { OfferedKey } from './offered-key.ts'

const PRINTS_FINGERPRINTS = 'for f in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf "$f"; done'

interface Props {
  readonly offered: OfferedKey
  readonly onAccepted: () => void
}

export function AcceptHostKey({ offered, onAccepted }: Props) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const keys = useKeys()
  const cache = useQueryClient()
  const [typed, setTyped] = useState('')
  const accept = useMutation(
    useApi().hosts.accept.mutationOptions({
      onSuccess: async () => {
        await cache.invalidateQueries({ queryKey: keys.hosts })
        onAccepted()
      },
    }),
  )
  const { host, fingerprint } = offered
  const changed = offered.changed !== null
  return (
    <div className={classes.offer}>
      <Fingerprints offered={offered} />
      <p>{t(changed ? 'hosts.compare-changed' : 'hosts.compare')}</p>
      <CopyLine text={PRINTS_FINGERPRINTS} label={t('hosts.compare-command')} />
      {changed && (
        <TextInput
          w={420}
          maw="100%"
          label={t('hosts.sure-type', { host })}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
          // Within the form of a deployment, Enter would save that.
          onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
        />
      )}
      <Button
        variant="default"
        disabled={changed && typed.trim() !== host}
        loading={accept.isPending}
        onClick={() => accept.mutate({ host, fingerprint })}
      >
        {t(changed ? 'hosts.accept-changed' : 'hosts.accept')}
      </Button>
      {accept.isError && (
        <p role="alert" className={classes.failed}>
          {errorText(accept.error)}
        </p>
      )}
    </div>
  )
}
