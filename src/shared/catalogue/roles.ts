/** What people may do: `ADMIN` everything, `OPERATOR` acts on deployments, `AUDITOR` reads with the audit log, `READONLY` reads. */
export const ROLES = ['READONLY', 'AUDITOR', 'OPERATOR', 'ADMIN'] as const
export type Role = (typeof ROLES)[number]

/** What an action does to what it touches. */
export type Effect = 'reads' | 'writes' | 'destroys'
