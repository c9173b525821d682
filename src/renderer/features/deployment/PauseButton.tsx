/** Pauses the watch of a deployment, or resumes it. */
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../client/console.tsx'
import { useTellFailure } from './tell-failure.ts'

export function PauseButton({ name, paused }: { name: string; paused: boolean }) {
  const { t } = useTranslation()
  const tellFailure = useTellFailure()
  const pause = useMutation(useApi().deployments.pause.mutationOptions({ onError: tellFailure }))
  return (
    <Button
      variant="default"
      loading={pause.isPending}
      onClick={() => pause.mutate({ name, paused: !paused })}
    >
      {t(paused ? 'deployment.resume' : 'deployment.pause')}
    </Button>
  )
}
