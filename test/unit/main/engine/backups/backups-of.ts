/** Backups in a line of text: what the tables of decisions on them share. */
import type { Backup } from '../../../../../src/shared/model/backup.ts'

export const DAY_MS = 86_400_000
export const NOW = 100 * DAY_MS

/** `-3 proven`: three days old; newest last. */
export function backupsOf(text: string): Backup[] {
  return text.split(', ').map((one) => {
    const [age = '', ...traits] = one.split(' ')
    const at = NOW + Number(age) * DAY_MS
    const has = (trait: string) => traits.includes(trait)
    return {
      ...{ id: age, deployment: 'shop', startedAt: at, endedAt: at + 60_000, bytes: 1, databases: [] },
      ...{ roles: true, selection: { schemas: [], tables: [] }, partial: has('partial') },
      state: has('proven') ? 'proven' : has('unread') ? 'complete' : 'verified',
      ...{ verifiedAt: at, provenAt: has('proven') ? at : null, recoveryMs: null, recoveryOn: null },
      problem: has('faulty') ? { code: 'file-altered', params: {} } : null,
      ...{ place: '/kept', signedBy: has('another') ? 'another' : 'this-console', console: 'c' },
      ...{
        server: '15',
        tools: [],
        compression: [],
        format: 'custom',
        jobs: null,
        recipients: 1,
        foreign: null,
      },
    }
  })
}
