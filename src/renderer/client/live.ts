/** What screens show of the present: snapshots that the loop of changes keeps current. */
import { type QueryClient, queryOptions, type UseQueryResult, useQuery } from '@tanstack/react-query'
import type { Notice } from '#shared/model/change.ts'
import type { Question } from '#shared/model/question.ts'
import type { DeploymentView, FleetView } from './client.ts'
import { type Console, useConsole, useTopic } from './console.tsx'
import { useMay } from './session.ts'

/** Every row of the fleet; rows that did not change keep their identity. Not drawn again while not `subscribed`. */
export function useFleet({ subscribed = true } = {}): UseQueryResult<FleetView> {
  const { client, keys, changes } = useConsole()
  return useQuery({
    queryKey: keys.fleet,
    queryFn: async ({ signal }) => {
      await changes.ready
      return client.live.fleet(undefined, { signal })
    },
    subscribed,
    // Rows are patched one by one; comparing all of them again would cost more than drawing them.
    structuralSharing: false,
  })
}

/** One deployment with its newest observations, followed while the component is there. */
export function useDeployment(name: string): UseQueryResult<DeploymentView> {
  const console = useConsole()
  useTopic(`deployment:${name}`)
  return useQuery(deploymentQuery(console, name))
}

/** What one deployment is like now; current while its topic is wanted. */
export function deploymentQuery(
  { client, keys, changes }: Pick<Console, 'client' | 'keys' | 'changes'>,
  name: string,
) {
  return queryOptions<DeploymentView>({
    queryKey: keys.deployment(name),
    queryFn: async ({ signal }) => {
      await changes.ready
      return client.live.deployment({ name }, { signal })
    },
    structuralSharing: false,
    // It is there only while somebody follows it, and current for as long: asking again would tell nothing new.
    gcTime: 0,
  })
}

/** What servers ask while logging in, the oldest first; nothing for those who may not answer. */
export function useQuestions(): readonly Question[] {
  const { client, keys, changes } = useConsole()
  const mayAnswer = useMay('OPERATOR')
  const { data } = useQuery({
    queryKey: keys.questions,
    queryFn: async ({ signal }) => {
      await changes.ready
      const { items } = await client.questions.list(undefined, { signal })
      return items.toSorted((a, b) => a.askedAt - b.askedAt)
    },
    enabled: mayAnswer,
    staleTime: 0,
  })
  return data ?? NO_QUESTIONS
}
const NO_QUESTIONS: readonly Question[] = []

/** Notices of the console, newest first. */
export function useNotices(): readonly Notice[] {
  const { keys } = useConsole()
  return useQuery<Notice[]>({ queryKey: keys.notices, queryFn: () => [], initialData: [] }).data
}

export function dismissNotices(cache: QueryClient, key: readonly unknown[]): void {
  cache.setQueryData<Notice[]>(key, [])
}
