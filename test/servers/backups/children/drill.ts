/** A console that drills and is killed in its middle: its argument is a file that says what. */
import { readFileSync } from 'node:fs'
import { Manifest } from '../../../../src/main/engine/backups/manifest.ts'
import { createBackupKit } from '../backup-kit.ts'

const [, , input = ''] = process.argv
const { directory, manifest, identity } = JSON.parse(readFileSync(input, 'utf8'))
const kit = await createBackupKit({ password: 'none' })
const store = { kind: 'local', directory: String(directory) } as const
const job = { kind: 'drill', manifest: Manifest.parse(manifest), store, identity: String(identity) } as const
await kit.runJob(job, { signal: new AbortController().signal, onProgress() {} })
