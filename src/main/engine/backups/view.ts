/** A backup of the catalogue as everybody else sees it. Pure. */
import type { Backup } from '#shared/model/backup.ts'
import type { CataloguedBackup } from './catalogue.ts'
import { comparedOf } from './compared.ts'
import type { Manifest, Part } from './manifest.ts'

/** What its manifest alone tells. */
export type Made = Omit<Backup, keyof Omit<CataloguedBackup, 'manifest'>>

export function madeOf(manifest: Manifest): Made {
  const { id, deployment, startedAt, endedAt, partial, selection, console } = manifest
  const { server, recipients, parts, foreign } = manifest
  return {
    ...{ id, deployment, startedAt, endedAt, partial, selection, console },
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    databases: parts
      .filter(({ content }) => content === 'database')
      .map(({ database, bytes, plainBytes, heldMs, ...part }) => ({
        ...{ name: database ?? '', bytes, plainBytes, heldMs },
        ...comparedOf(part),
      })),
    roles: parts.some(({ content }) => content === 'globals'),
    server: server.name,
    tools: [...new Set(parts.map(({ tool }) => `${tool.program} ${tool.version}`))],
    compression: waysOf(parts),
    ...formatOf(manifest),
    recipients: recipients.length,
    foreign: foreign === undefined ? null : { file: foreign.file, sha256: foreign.sha256 },
  }
}

export function viewOf({ manifest, ...known }: CataloguedBackup): Backup {
  return { ...madeOf(manifest), ...known }
}

function formatOf({ parts, foreign }: Manifest): Pick<Backup, 'format' | 'jobs'> {
  if (foreign !== undefined) return { format: foreign.format, jobs: null }
  const jobs = parts.find(({ directory }) => directory !== undefined)?.directory?.jobs ?? null
  return { format: jobs === null ? 'custom' : 'directory', jobs }
}

function waysOf(parts: readonly Part[]): Backup['compression'] {
  const ways = parts.flatMap(({ compression }) => compression ?? [])
  return [...new Map(ways.map((way) => [`${way.method} ${way.level}`, way])).values()]
}
