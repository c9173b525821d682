/** Every way to use a backup of one shop: what bad weather is tried with in all of them, over one server and one backup for a file of tests. */
import { chmodSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect } from 'vitest'
import type { PostgresServer } from '../../../demo/servers/postgres.ts'
import { descendantsOf } from '../../../demo/servers/process-tree.ts'
import { createTemporaryDirectory } from '../../../demo/servers/temporary-directory.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { createTranslator, operationErrorText, operationText } from '../../../src/shared/locales/translate.ts'
import type {
  Operation,
  OperationError,
  OperationFacts,
  OperationPreview,
  OperationRequest,
} from '../../../src/shared/model/operation.ts'
import type { Reason } from '../../../src/shared/model/reason.ts'
import { until } from '../../support/until.ts'
import type { BackupKit } from '../backups/backup-kit.ts'
import { contentsOf } from '../backups/contents.ts'
import { ANNA, createRestoreKit, NEVER, type RestoreConsole, type RestoreKit } from './restore-kit.ts'

export interface Way {
  readonly kind: 'restore' | 'drill'
  options(backup: string): OperationFacts
}

const ORDERS = [{ schema: 'public', name: 'orders' }]

/** Restores into the shop, or beside it on its server; and what only tries whether that could be done. */
export const RESTORES = {
  'side by side': restore((backup) => ({ mode: 'side-by-side', backup })),
  'in place': restore((backup) => ({ mode: 'in-place', backup, room: 'none' })),
  tables: restore((backup) => ({ mode: 'tables', backup, tables: ORDERS })),
  elsewhere: restore((backup) => ({ mode: 'elsewhere', backup, from: 'shop', as: 'shop_again' })),
} satisfies Record<string, Way>
export const TRIALS = {
  'drill there': drill((backup) => ({ from: 'shop', backup })),
  drill: drill((backup) => ({ backup })),
  verify: drill((backup) => ({ backup, verifyOnly: true })),
} satisfies Record<string, Way>
export const WAYS = { ...RESTORES, ...TRIALS } satisfies Record<string, Way>
export type WayName = keyof typeof WAYS
export const namesOf = (ways: Partial<Record<WayName, Way>>) => Object.keys(ways) as WayName[]

function restore(options: Way['options']): Way {
  return { kind: 'restore', options }
}

function drill(options: Way['options']): Way {
  return { kind: 'drill', options }
}

export interface EveryWay {
  readonly restore: RestoreKit
  /** On a console that is closed afterwards. */
  inConsole<T>(work: (open: OpenWays) => Promise<T>): Promise<T>
  /** Everything that any of them could change, or leave. */
  state(): Promise<Record<string, unknown>>
  close(): Promise<void>
}

export interface OpenWays {
  readonly console: RestoreConsole
  preview(way: WayName, more?: OperationFacts): Promise<OperationPreview>
  begin(way: WayName, more?: OperationFacts): Promise<Operation>
  /** Begins it, and waits for its end. */
  run(way: WayName, more?: OperationFacts): Promise<Operation>
}

/** @param backups all that there are; the first is used where none is named */
export function everyWay(
  server: PostgresServer,
  kit: BackupKit,
  backups: readonly Manifest[],
  more: Partial<Parameters<typeof createRestoreKit>[2]> = {},
): EveryWay {
  const restore = createRestoreKit(server, kit, { database: 'shop', ...more })
  const [first] = backups
  for (const one of backups) restore.know(one)

  const asked = (name: WayName, { backup = first?.id ?? '', ...rest }: OperationFacts): OperationRequest => {
    const { kind, options } = WAYS[name]
    return {
      ...{ kind, deployment: 'shop', silence: false, confirm: 'shop' },
      options: { ...options(String(backup)), ...rest },
    }
  }

  async function open(): Promise<OpenWays> {
    const console = await restore.console()
    const { operations, backedUp } = console
    for (const one of backups) await backedUp.catalogue.add(one, kit.directory, 'this-console')
    const begin = (name: WayName, changes: OperationFacts = {}) =>
      operations.start(asked(name, changes), ANNA, null, NEVER)
    return {
      ...{ console, begin },
      preview: async (name, changes = {}) =>
        (await operations.preview(asked(name, changes), ANNA, NEVER)).preview,
      async run(name, changes) {
        const { id } = await begin(name, changes)
        await operations.settled(id)
        return operations.get(id)
      },
    }
  }

  return {
    restore,
    async inConsole(work) {
      const opened = await open()
      try {
        return await work(opened)
      } finally {
        await opened.console.close()
      }
    },
    async state() {
      await until(async () => (await sessionsOf(server)).length === 0, { what: 'the end of our sessions' })
      await until(() => programs().length === 0, { what: 'the end of our programs' })
      return {
        databases: await server.query('SELECT oid, datname FROM pg_database ORDER BY 1'),
        roles: await server.query('SELECT oid, rolname FROM pg_authid ORDER BY 1'),
        shop: await contentsOf(server, 'shop'),
        schemas: await server.query(
          `SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1`,
          {
            database: 'shop',
          },
        ),
        backups: readdirSync(kit.directory).sort(),
        temporary: readdirSync(tmpdir())
          .filter((name) => name.startsWith('vakhta-'))
          .sort(),
      }
    },
    close: restore.close,
  }
}

/** From now on what is temporary is where nobody else has anything. The servers of drills run as somebody who owns nothing. */
export function useOwnTemporary(): void {
  const { path } = createTemporaryDirectory('temporary')
  chmodSync(path, 0o1777)
  process.env.TMPDIR = path
}

/** Of restores, drills and safety backups; @param doing how their statement begins */
export const sessionsOf = (server: PostgresServer, doing = ''): Promise<Record<string, unknown>[]> =>
  server.query(
    `SELECT pid, application_name, query FROM pg_stat_activity
      WHERE application_name ~ '^vakhta (restore|drill|backup)' AND backend_type = 'client backend' AND query LIKE $1`,
    { values: [`${doing}%`] },
  )

/** Programs of PostgreSQL that run for us, as their command lines. */
export function programs(name = 'pg_(?:restore|dump|dumpall)'): { pid: number; line: string }[] {
  return descendantsOf(process.pid).flatMap((pid) => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      return new RegExp(`/${name} `).test(line) ? [{ pid, line }] : []
    } catch {
      return []
    }
  })
}

const english = createTranslator('en')
const russian = createTranslator('ru')

/** Said whole in both languages. @returns the words in English */
export function inWords(said: OperationError | Reason | null | undefined): string {
  if (said == null) throw new Error('nothing is said')
  const texts = [english, russian].map((translator) =>
    'failure' in said ? operationErrorText(translator, said) : operationText(translator, said),
  )
  const [words = '', russianWords = ''] = texts
  for (const text of texts) expect(text).not.toMatch(/\{\{|undefined|step-bug/)
  expect(russianWords).toMatch(/[а-я]{3}/)
  return words
}
