/** Where the screens are: the paths that links and keys go to. */

export const places = {
  fleet: '/',
  firstRun: '/first-run',
  deployment: (
    name: string,
    tab?: 'live' | 'database' | 'redis' | 'logs' | 'backups' | 'timeline' | 'settings',
  ) => `/deployments/${encodeURIComponent(name)}${tab === undefined || tab === 'live' ? '' : `/${tab}`}`,
  /** The charts of a deployment, around a moment. */
  deploymentAt: (name: string, at: number) => `/deployments/${encodeURIComponent(name)}/live/${at}`,
  /** A part of a database's screen: `statements`, or `activity:42` for a backend. */
  database: (name: string, part: string) => `/deployments/${encodeURIComponent(name)}/database/${part}`,
  /** A part of a Redis' screen: `cache:memory`. */
  redis: (name: string, part: string) => `/deployments/${encodeURIComponent(name)}/redis/${part}`,
  /** A log of a deployment, around a moment or at its end; `null`: the first one. */
  logs: (name: string, source: string | null, at: number | null = null) =>
    `/deployments/${encodeURIComponent(name)}/logs/${source ?? ''}${at === null ? '' : `@${Math.round(at)}`}`,
  /** The backups of a deployment, and the one that is open beside the list. */
  backups: (name: string, id?: string) =>
    `/deployments/${encodeURIComponent(name)}/backups${id === undefined ? '' : `/${encodeURIComponent(id)}`}`,
  /** How all deployments stand with their backups, and the key of last resort. */
  allBackups: '/backups',
  /** The form of a deployment, at one of its fields: `postgres.0.url`. */
  deploymentField: (name: string, field: string) =>
    `/settings/deployments/edit:${encodeURIComponent(name)}:${encodeURIComponent(field)}`,
  /** A part of the alerts' screen, and what of it is meant: of the open ones `ID`, `in:NAME`, or both as `in:NAME:ID`. */
  alerts: (section?: string, item?: string) =>
    `/alerts${section === undefined ? '' : `/${section}`}${item === undefined ? '' : `/${encodeURIComponent(item)}`}`,
  /** The operations, and the one that is open beside them. */
  operations: (id?: string) => (id === undefined ? '/operations' : `/operations/${encodeURIComponent(id)}`),
  settings: (section?: string) => (section === undefined ? '/settings' : `/settings/${section}`),
  /** The form for a new deployment. */
  addDeployment: '/settings/deployments/new',
  /** The form for YAML profiles. */
  importDeployments: '/settings/deployments/import',
} as const

/** Whether a path leads to the alerts that fire. */
export function leadsToAlerts(path: string): boolean {
  return /^\/alerts(\/open(\/|$)|$)/.test(path)
}

/** Which deployment a path leads to; `null`: none. */
export function deploymentAt(path: string): string | null {
  const name = /^\/deployments\/([^/]+)/.exec(path)?.[1]
  return name === undefined ? null : decodeURIComponent(name)
}
