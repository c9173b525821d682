/** A console that makes a backup and is killed in its middle: its arguments are a port, a password's file and a directory; and where it stages, if it does. */
import { readFileSync } from 'node:fs'
import { createBackupKit } from '../backup-kit.ts'

const [, , port = '', passwordFile = '', directory = '', stage] = process.argv
const kit = await createBackupKit({ password: readFileSync(passwordFile, 'utf8'), directory })
await kit.make({ port: Number(port) }, 'postgres', {
  ...{ id: 'killed', lockWaitMs: 60_000 },
  ...(stage !== undefined && { staging: { directory: stage, jobs: 2 } }),
})
