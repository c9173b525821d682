/** What screens show of the present: snapshots that the loop of changes keeps current. */
import { type QueryClient, queryOptions, type UseQueryResult, useQuery } from '@tanstack/react-query'
import type { Alert } from '#shared/model/alert.ts'
import type { Notice } from '#shared/model/change.ts'
import type { Question } from '#shared/model/question.ts'
import { patchAlerts } from './apply-changes.ts'
import type { AlertsView, DeploymentView, FleetView } from './client.ts'
import { type Console, useConsole, useTopic } from './console.tsx'
import { useMay } from './session.ts'

/** More than a screen shows, and little enough to come along with the fleet. */
const FIRST_ALERTS = 40
/** What comes after it does not hold up what somebody does meanwhile, least of all what they do first. */
const NEXT_ALERTS = 500
const NEXT_AFTER_MS = 500

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

/** The alerts that fire, of every deployment, followed while the component is there; those that did not change keep their identity. */
export function useAlerts(): UseQueryResult<AlertsView> {
  const console = useConsole()
  useTopic('alerts')
  return useQuery(alertsQuery(console))
}

/** The alerts that fire; current while their topic is wanted. The first page stands while the others come. */
export function alertsQuery(console: Pick<Console, 'cache' | 'client' | 'keys' | 'changes'>) {
  const { cache, client, keys, changes } = console
  return queryOptions<AlertsView>({
    queryKey: keys.alerts,
    queryFn: async ({ signal }) => {
      await changes.ready
      const known = () => cache.getQueryData<AlertsView>(keys.alerts)
      // What stands already stays whole until it is replaced.
      if (known() !== undefined) return client.alerts.live({}, { signal })
      let page = await client.alerts.live({ most: FIRST_ALERTS }, { signal })
      cache.setQueryData<AlertsView>(keys.alerts, page)
      if (page.rest.length > 0) await pass(NEXT_AFTER_MS, signal)
      while (page.rest.length > 0) {
        const asked = page.rest
        page = await client.alerts.live({ deployments: asked, most: NEXT_ALERTS }, { signal })
        // Read again: changes are taken in meanwhile.
        const before = known()?.alerts ?? []
        cache.setQueryData<AlertsView>(keys.alerts, { ...page, alerts: withPage(before, asked, page) })
      }
      return known() ?? page
    },
    structuralSharing: false,
    // They are there only while somebody follows them, and current for as long.
    gcTime: 0,
  })
}

/** Resolves at once where `signal` is aborted. */
function pass(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, ms)
    function end() {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    if (signal.aborted) end()
    else signal.addEventListener('abort', end)
  })
}

function withPage(before: readonly Alert[], asked: readonly string[], { alerts, rest }: AlertsView): Alert[] {
  const left = new Set(rest)
  const answered = new Map<string, Alert[]>()
  for (const name of asked) if (!left.has(name)) answered.set(name, [])
  for (const alert of alerts) answered.get(alert.deployment)?.push(alert)
  return patchAlerts(before, answered)
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
