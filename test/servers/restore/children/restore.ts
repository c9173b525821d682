/** A console that restores a database and is killed while the pools to it are paused: its argument is a file that says what, and how. */
import { readFileSync } from 'node:fs'
import type { PostgresServer } from '../../../../demo/servers/postgres.ts'
import { Manifest } from '../../../../src/main/engine/backups/manifest.ts'
import { createBackupKit } from '../../backups/backup-kit.ts'
import { createRestoreKit } from '../restore-kit.ts'

const { password, directory, manifest, port, pooler, data, options } = JSON.parse(
  readFileSync(process.argv[2] ?? '', 'utf8'),
)
const kit = await createBackupKit({ password, directory })
await kit.vault.set('pooler', 'console')
const restore = createRestoreKit({ port } as PostgresServer, kit, { database: 'shop', pooler, data })
const whole = Manifest.parse(manifest)
restore.know(whole)
const console = await restore.console()
await console.run({ ...options, backup: whole.id })
