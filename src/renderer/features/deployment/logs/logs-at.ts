/** From anything that has a moment to the logs around it: which deployment that is in, and which logs it has. */
import { createContext, use, useCallback } from 'react'
import type { LogSource } from '#shared/model/profile/log.ts'
import { places } from '../../../places.ts'
import { logFor } from './place.ts'

export interface LogsOf {
  readonly name: string
  readonly sources: readonly LogSource[]
}

export const DeploymentLogs = createContext<LogsOf | null>(null)

interface Subject {
  readonly probe: string | null
  readonly target: string | null
}

const ANY: Subject = { probe: null, target: null }

/** @returns the place of the logs at a moment, those first that speak of the subject; `null`: there are none */
export function useLogsAt(): (at: number, subject?: Subject) => string | null {
  const logs = use(DeploymentLogs)
  return useCallback(
    (at, subject = ANY) =>
      logs === null || logs.sources.length === 0
        ? null
        : places.logs(logs.name, logFor(logs.sources, subject), at),
    [logs],
  )
}
