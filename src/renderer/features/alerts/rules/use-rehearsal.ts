/** A rehearsal that follows what is typed, a moment after it: its answer, or what is wrong with the rule. */
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Outputs } from '../../../client/client.ts'
import { useApi } from '../../../client/console.tsx'
import { useFleet } from '../../../client/live.ts'
import type { Stretch } from '../../../components/charts/series.ts'
import type { Definition } from './draft.ts'

/** Longer than people need between two letters. */
const STILL_MS = 500

export interface RehearsalOf {
  /** `null`: there is none to rehearse on. */
  readonly deployment: string | null
  readonly deployments: readonly string[]
  /** `null`: not known yet. */
  readonly told: Outputs['alerts']['rehearse'] | null
  readonly isRunning: boolean
  readonly error: Error | null
}

/** @param deployment `null`: the first that there is */
export function useRehearsal({
  rule,
  definition,
  deployment,
  draw,
}: {
  readonly rule: string | null
  readonly definition: Definition
  readonly deployment: string | null
  /** What is looked at of what a rule over time reads; `null`: all of it. */
  readonly draw: Stretch | null
}): RehearsalOf {
  const fleet = useFleet({ subscribed: false })
  const rows = fleet.data?.rows
  const deployments = useMemo(() => (rows ?? []).map(({ name }) => name).toSorted(), [rows])
  const wanted = definition.scope?.deployments?.find((name) => deployments.includes(name))
  const on = deployment ?? wanted ?? deployments[0] ?? null
  // By what it says, not by which object says it: every letter makes another.
  const [still] = useDebouncedValue(JSON.stringify(definition), STILL_MS)
  const asked = JSON.parse(still) as Definition
  const query = useQuery({
    ...useApi().alerts.rehearse.queryOptions({
      input: { rule, definition: asked, deployment: on ?? '', draw },
    }),
    enabled: on !== null,
    retry: false,
    staleTime: 60_000,
    gcTime: 60_000,
    placeholderData: (before, previous) =>
      before && asOf(definition, before, definitionIn(previous?.queryKey)),
  })
  return {
    ...{ deployment: on, deployments },
    told: query.data === undefined || query.isError ? null : asOf(definition, query.data, asked),
    isRunning: query.isFetching,
    error: query.error,
  }
}

type Told = Outputs['alerts']['rehearse']

/**
 * What was told of a rule as it was before stands until there is something newer, but for what was read of it: that may be measured in something else.
 * @param of which rule it was told of; `null`: not known
 */
export function asOf(definition: Definition, told: Told, of: Definition | null): Told {
  const isSame = JSON.stringify(definition.condition) === JSON.stringify(of?.condition)
  return isSame || told.drawing === null ? told : { ...told, drawing: null }
}

export function definitionIn(key: readonly unknown[] | undefined): Definition | null {
  const [, options] = (key ?? []) as [unknown?, { readonly input?: { readonly definition: Definition } }?]
  return options?.input?.definition ?? null
}
