/** A console that drills on a server and is killed in its middle: its argument is a file that says what. */
import { readFileSync } from 'node:fs'
import type { PostgresServer } from '../../../../demo/servers/postgres.ts'
import { Manifest } from '../../../../src/main/engine/backups/manifest.ts'
import { createRestoreKit } from '../../restore/restore-kit.ts'
import { createBackupKit } from '../backup-kit.ts'

const { password, directory, manifest, port, data } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))
const kit = await createBackupKit({ password, directory })
const restore = createRestoreKit({ port } as PostgresServer, kit, { database: 'postgres', data })
const whole = Manifest.parse(manifest)
const console = await restore.console()
await console.backedUp.catalogue.add(whole, directory, 'this-console')
await console.run({ from: 'source', backup: whole.id }, { kind: 'drill' })
