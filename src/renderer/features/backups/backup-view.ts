/** A backup, and how a deployment stands with them, as the console tells of them. */
import type { Outputs } from '../../client/client.ts'

export type BackupView = Outputs['backups']['list']['items'][number]
export type StandingView = Outputs['backups']['summary']['items'][number]
