/** Where a deployment belongs, from the one that is guarded most. */
export const ENVIRONMENTS = ['production', 'staging', 'development'] as const
