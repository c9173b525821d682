/** What the form fills in where people would type the same nearly always; the profile's own defaults. */
export const SHARED_DEFAULTS = {
  sshPort: 22,
  live: '/health',
  ready: '/ready',
  metrics: '/metrics',
} as const
