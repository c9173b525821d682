/** Backups, in words and moments. */
import type { Language } from '#shared/locales/languages.ts'
import { backupText } from '#shared/locales/translate.ts'
import type { Backup, BackupSummary, RecoveryKey, RecoveryKeyUse } from '#shared/model/backup.ts'
import type { Reason } from '#shared/model/reason.ts'
import type { CataloguePlace } from '../engine/backups/catalogue.ts'
import { recoverySheetPage } from '../engine/backups/recovery-sheet.ts'
import type { Engine } from '../engine/engine.ts'
import { speakLine } from './operations.ts'
import type { Procedures } from './procedures.ts'
import { moment, momentOrNull, translatorOf } from './speech.ts'

export function implementBackups({ backups: declared }: Procedures, engine: Engine) {
  const { backups, deployments } = engine

  return {
    list: declared.list.handler(async ({ input, context: { language } }) => {
      const { deployment = null, limit, cursor } = input
      const before = cursor === undefined ? null : placeOf(cursor)
      const { backups: page, next } = await backups.list({ deployment, before, limit })
      return {
        items: page.map((one) => speakBackup(language, one)),
        nextCursor: next === null ? null : `${next.at}:${next.id}`,
      }
    }),
    tables: declared.tables.handler(async ({ input }) => {
      const { backup, database = null, containing = null, limit, cursor = '0' } = input
      const query = { database, containing, after: Number(cursor), limit }
      const { tables, total, next } = await backups.tables(backup, query)
      const items = tables.map((table) => ({ ...table, partOf: [...table.partOf] }))
      return { items, total, nextCursor: next === null ? null : String(next) }
    }),
    summary: declared.summary.handler(async ({ input: { deployment }, context: { language } }) => {
      const names =
        deployment === undefined ? deployments.list().map(({ profile }) => profile.name) : [deployment]
      const found = await Promise.all(names.map((name) => backups.summary(name)))
      return {
        items: found.flatMap((one) => (one === null ? [] : [speakSummary(language, one)])),
        nextCursor: null,
      }
    }),
    recoveryKey: declared.recoveryKey.handler(async () => {
      const key = await backups.recovery()
      return { key: key === null ? null : speakKey(key) }
    }),
    recoveryKeys: declared.recoveryKeys.handler(async () => ({
      items: (await backups.recoveryKeys()).map(speakKeyUse),
      nextCursor: null,
    })),
    makeRecoveryKey: declared.makeRecoveryKey.handler(async ({ context: { language } }) => {
      const { identity, ...key } = await backups.makeRecovery()
      const date = new Intl.DateTimeFormat(language, { dateStyle: 'long' }).format(key.madeAt)
      const { recipient } = key
      const named = { console: engine.consoleName(), identity, recipient, date }
      return { ...speakKey(key), sheet: recoverySheetPage(translatorOf(language), named) }
    }),
    proveRecoveryKey: declared.proveRecoveryKey.handler(async ({ input: { typed } }) =>
      speakKey(await backups.proveRecovery(typed)),
    ),
    rescan: declared.rescan.handler(async ({ input: { deployment }, context: { language } }) => {
      const { added, gone, cleared, problems } = await backups.rescan(deployment)
      return {
        ...{ added: [...added], gone: [...gone], cleared: [...cleared] },
        problems: problems.map(({ id, problem }) => ({ id, text: speakProblem(language, problem).text })),
      }
    }),
    remove: declared.remove.handler(async ({ input: { id, confirm = null } }) => {
      await backups.remove(id, confirm)
      return { removed: id }
    }),
  }
}

/** Of a cursor that the contract let through. */
function placeOf(cursor: string): CataloguePlace {
  const colon = cursor.indexOf(':')
  return { at: Number(cursor.slice(0, colon)), id: cursor.slice(colon + 1) }
}

function speakProblem<T extends Reason>(language: Language, problem: T) {
  return { ...problem, text: backupText(translatorOf(language), problem) }
}

export function speakBackup(language: Language, backup: Backup) {
  const { startedAt, endedAt, verifiedAt, provenAt, problem } = backup
  return {
    ...backup,
    startedAt: moment(startedAt),
    endedAt: moment(endedAt),
    verifiedAt: momentOrNull(verifiedAt),
    provenAt: momentOrNull(provenAt),
    problem: problem === null ? null : speakProblem(language, problem),
  }
}

function speakSummary(language: Language, summary: BackupSummary) {
  const { lastComplete, lastProven, lastDrill, next, notBegun } = summary
  return {
    ...summary,
    lastComplete: lastComplete === null ? null : speakBackup(language, lastComplete),
    lastProven: lastProven === null ? null : speakBackup(language, lastProven),
    lastDrill:
      lastDrill === null
        ? null
        : {
            ...lastDrill,
            at: moment(lastDrill.at),
            problem: lastDrill.problem === null ? null : speakProblem(language, lastDrill.problem),
          },
    notBegun: notBegun.map(({ what, at, waits, reason }) => ({
      ...{ what, waits, at: moment(at), reason: speakLine(language, reason) },
    })),
    next: { backup: momentOrNull(next.backup), drill: momentOrNull(next.drill) },
  }
}

function speakKey({ recipient, madeAt, provenAt }: RecoveryKey) {
  return { recipient, madeAt: moment(madeAt), provenAt: momentOrNull(provenAt) }
}

function speakKeyUse({ madeAt, provenAt, usedUntil, backups, ...use }: RecoveryKeyUse) {
  return {
    ...use,
    ...{ madeAt: momentOrNull(madeAt), provenAt: momentOrNull(provenAt), usedUntil: momentOrNull(usedUntil) },
    backups:
      backups === null
        ? null
        : { count: backups.count, first: moment(backups.first), last: moment(backups.last) },
  }
}
