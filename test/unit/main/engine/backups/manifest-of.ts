/** A backup of one file, as its manifest says. */
import type { Manifest } from '../../../../../src/main/engine/backups/manifest.ts'

export const FILE = 'database-1.dump'

export function manifestOf(id: string, hoursAgo = 1, changes: Partial<Manifest> = {}): Manifest {
  const at = Date.now() - hoursAgo * 3_600_000
  return {
    ...{ format: 'vakhta-backup', version: 1, id, deployment: 'shop', kind: 'postgres', console: 'here' },
    ...{ startedAt: at, endedAt: at, partial: false, selection: { schemas: [], tables: [] } },
    ...{ server: { version: 150_014, name: '15.14' }, recipients: [] },
    parts: [
      {
        ...{ file: FILE, content: 'database', database: 'shop', bytes: 4, plainBytes: 4, sha256: 'f' },
        ...{ tables: [], heldMs: 0, tookMs: 0, tool: { program: 'pg_dump', version: '15.14' } },
      },
    ],
    ...changes,
  }
}
