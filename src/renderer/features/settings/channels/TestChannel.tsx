/** Sends a test through a channel that is on record, and shows the answer. */
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Channel } from '#shared/model/channel.ts'
import { useApi } from '../../../client/console.tsx'
import { useErrorText } from '../../../client/error-text.ts'
import { Dialog } from '../../../components/dialog/Dialog.tsx'
import classes from '../settings.module.css'
import { ChannelAnswer } from './ChannelAnswer.tsx'

export function TestChannel({ channel }: { channel: Channel }) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const test = useMutation(useApi().channels.test.mutationOptions())
  const { name } = channel
  return (
    <>
      <Button
        variant="default"
        size="compact-xs"
        loading={test.isPending}
        onClick={() => test.mutate({ channel })}
        aria-label={t('channels.test-name', { name })}
      >
        {t('channels.test')}
      </Button>
      <Dialog
        size="lg"
        opened={test.isSuccess || test.isError}
        onClose={test.reset}
        title={t('channels.test-title', { name })}
      >
        {test.data !== undefined && <ChannelAnswer answer={test.data.answer} sent={test.data.sent} />}
        {test.isError && (
          <p role="alert" className={classes.failed}>
            {errorText(test.error)}
          </p>
        )}
      </Dialog>
    </>
  )
}
