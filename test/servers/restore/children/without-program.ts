/** A console on a machine without `pg_restore`, which tells what comes of each way to use a backup: its argument is a file that says of which. */
import { readFileSync } from 'node:fs'
import type { PostgresServer } from '../../../../demo/servers/postgres.ts'
import { Manifest } from '../../../../src/main/engine/backups/manifest.ts'
import { OperationRefused } from '../../../../src/main/engine/operations/refused.ts'
import { createBackupKit } from '../../backups/backup-kit.ts'
import { everyWay, namesOf, WAYS } from '../every-way.ts'

const { password, directory, manifest, port } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))
const kit = await createBackupKit({ password, directory })
const ways = everyWay({ port } as PostgresServer, kit, [Manifest.parse(manifest)])
const told: Record<string, unknown> = {}
await ways.inConsole(async ({ run }) => {
  for (const way of namesOf(WAYS)) {
    told[way] = await run(way).then(
      ({ state, error }) => ({ state, reasons: [error] }),
      (error: unknown) => {
        if (!(error instanceof OperationRefused) || error.refused.kind !== 'impossible') throw error
        return { state: 'refused', reasons: error.refused.reasons }
      },
    )
  }
})
await ways.close()
await kit.close()
process.stdout.write(JSON.stringify(told))
