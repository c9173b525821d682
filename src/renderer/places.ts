/** Where the screens are: the paths that links and keys go to. */

export const places = {
  fleet: '/',
  firstRun: '/first-run',
  deployment: (name: string, tab?: 'live' | 'settings') =>
    `/deployments/${encodeURIComponent(name)}${tab === undefined || tab === 'live' ? '' : `/${tab}`}`,
  settings: (section?: string) => (section === undefined ? '/settings' : `/settings/${section}`),
  /** The form for a new deployment. */
  addDeployment: '/settings/deployments/new',
  /** The form for YAML profiles. */
  importDeployments: '/settings/deployments/import',
} as const
