/** Which console tells of a deployment's alerts, where several may watch it; nothing where no lease is asked for. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../client/console.tsx'
import classes from './deployment.module.css'

/** It turns within seconds, and nothing else of the answer is needed as often. */
const LOOK_EVERY_MS = 5_000

export function LeaseNote({ name }: { name: string }) {
  const { t } = useTranslation()
  const api = useApi()
  const { data } = useQuery(
    api.deployments.get.queryOptions({
      input: { name },
      // Where none is asked for there is nothing to follow; a profile that is altered is fetched anyway.
      refetchInterval: ({ state }) => (state.data?.lease.place === 'none' ? false : LOOK_EVERY_MS),
    }),
  )
  const lease = data?.lease
  if (lease === undefined || lease.state === 'alone') return null
  const { state, holder, problem, failure } = lease
  const why = failure?.text ?? (problem === null ? '' : t(`lease.problem-${problem}`))
  return <p className={classes.lease}>{t(`lease.${state}`, { holder: holder ?? '?', why })}</p>
}
