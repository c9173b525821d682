/** The kind `restore`: what is in a backup comes back, beside what there is or in its place, with a way back until that is given up. */

import type { Operation, OperationFacts } from '#shared/model/operation.ts'
import type { Reason } from '#shared/model/reason.ts'
import { type RestoreBeside, type RestoreInPlace, RestoreOptions } from '#shared/model/restore.ts'
import type { Clock } from '../../clock.ts'
import { type AnyKind, type Kind, OperationFailed, type Step, type Traces } from '../../operations/kind.ts'
import { NOTHING_FORESEEN } from '../../operations/way-back.ts'
import { BackupError } from '../backup-error.ts'
import type { Catalogue } from '../catalogue.ts'
import type { BackupKindsOptions } from '../kinds/kit.ts'
import { inWords } from '../kinds/words.ts'
import { besideSteps } from './beside.ts'
import { previewElsewhere } from './elsewhere/preview.ts'
import { elsewhereSteps } from './elsewhere/steps.ts'
import { leavesElsewhere, previewUndoElsewhere } from './elsewhere/undo-preview.ts'
import { previewInPlace } from './in-place/preview.ts'
import { inPlaceSteps } from './in-place/steps.ts'
import { leavesInPlace, previewUndoInPlace } from './in-place/undo-preview.ts'
import { keepSteps, previewKeep } from './keep.ts'
import { previewBeside } from './preview.ts'
import { lookForRoom, wayOf } from './room.ts'
import { openSource, type SourceDependencies } from './source.ts'
import { previewTables } from './tables/preview.ts'
import { tablesSteps } from './tables/steps.ts'
import { leavesTables, previewUndoTables } from './tables/undo-preview.ts'
import { leavesBeside, previewUndoBeside } from './undo-preview.ts'
import { wayBackOf } from './way-back.ts'

export interface RestoreDependencies extends SourceDependencies {
  readonly clock: Clock
  /** An operation on record, with what its steps kept; `null`: there is none. */
  readonly operationOf: (id: string) => Promise<(Operation & Pick<Traces<OperationFacts>, 'facts'>) | null>
  /** Its way back is gone. */
  readonly keepForGood: (id: string) => Promise<void>
  /** What is found out of a backup on the way stands in the catalogue from then on. */
  readonly backedUp: SourceDependencies['backedUp'] & {
    readonly catalogue: Pick<Catalogue, 'verified' | 'faulty'>
    refresh(deployment: string): Promise<void>
  }
  /** Makes the backup of what is replaced. */
  readonly making: BackupKindsOptions
}

/** Why something would fail is why it is not begun. */
function refusalIn(error: unknown): Reason | null {
  if (error instanceof BackupError) return error.failure
  return error instanceof OperationFailed ? error.reason : null
}

function telling(step: Step<RestoreOptions>): Step<RestoreOptions> {
  const { run, inspect, undo } = step
  return {
    ...step,
    run: (context) => inWords(() => run(context)),
    inspect: (context) => inWords(() => inspect(context)),
    ...(undo !== undefined && { undo: (context) => inWords(() => undo(context)) }),
  }
}

/** In place where there is room for a second copy is side by side, and swapped. */
function asBeside(options: RestoreBeside | RestoreInPlace): RestoreBeside {
  return options.mode === 'in-place' ? { ...options, mode: 'side-by-side', swap: true } : options
}

export function createRestoreKind(dependencies: RestoreDependencies): AnyKind {
  const kind: Kind<RestoreOptions> = {
    ...{ kind: 'restore', options: RestoreOptions, onFailure: 'undo' },
    effect: (options) =>
      options.mode === 'elsewhere' || (options.mode === 'side-by-side' && !options.swap)
        ? 'writes'
        : 'destroys',
    // A database that people work in may be dropped, with what they wrote since.
    undoEffect: () => 'destroys',
    lock(options) {
      const { database = '' } = options
      const target = options.mode === 'elsewhere' ? (options.as ?? database) : database
      const after = options.mode === 'keep' ? { after: options.operation } : {}
      return { scope: `database ${target}`, required: true, ...after }
    },
    async settle(subject) {
      const { options, profile } = subject
      try {
        if (options.mode === 'keep')
          return options.database === undefined
            ? { ...options, database: (await wayBackOf(dependencies, options, profile.name)).database }
            : options
        const isFound = options.database !== undefined
        if (isFound && (options.mode !== 'in-place' || options.room !== undefined)) return options
        const from = options.mode === 'elsewhere' ? options.from : profile.name
        const source = await openSource(dependencies, options, from)
        const { database } = source
        if (options.mode !== 'in-place' || options.room !== undefined) return { ...options, database }
        // What is done is what the preview showed: it is looked for once.
        const way = wayOf(await lookForRoom(subject, source))
        return { ...options, database, ...(way === 'enough' || way === 'none' ? { room: way } : {}) }
      } catch (error) {
        // The preview says why.
        if (refusalIn(error) !== null) return options
        throw error
      }
    },
    async preview(subject, begun) {
      const { options } = subject
      try {
        if (options.mode === 'tables') return await previewTables(dependencies, { ...subject, options })
        if (options.mode === 'in-place') return await previewInPlace(dependencies, { ...subject, options })
        return await (options.mode === 'keep'
          ? previewKeep(dependencies, { ...subject, options }, begun !== null)
          : options.mode === 'elsewhere'
            ? previewElsewhere(dependencies, { ...subject, options })
            : previewBeside(dependencies, { ...subject, options }))
      } catch (error) {
        const refusal = refusalIn(error)
        if (refusal === null) throw error
        return { ...NOTHING_FORESEEN, refusals: [refusal] }
      }
    },
    async previewUndo(traced, back) {
      const { options } = traced
      try {
        if (options.mode === 'tables')
          return await previewUndoTables(dependencies, { ...traced, options }, back)
        if (options.mode === 'elsewhere')
          return await previewUndoElsewhere(dependencies, { ...traced, options }, back)
        if (options.mode === 'in-place' && options.room !== 'enough')
          return await previewUndoInPlace(dependencies, { ...traced, options }, back)
        if (options.mode === 'keep')
          return { ...NOTHING_FORESEEN, changes: [{ code: 'takes-nothing-back', params: {} }] }
        return await previewUndoBeside(dependencies, { ...traced, options: asBeside(options) }, back)
      } catch (error) {
        const refusal = refusalIn(error)
        if (refusal === null) throw error
        return { ...NOTHING_FORESEEN, refusals: [refusal] }
      }
    },
    leaves(traces) {
      const { options } = traces
      if (options.mode === 'tables') return leavesTables({ ...traces, options })
      if (options.mode === 'elsewhere') return leavesElsewhere({ ...traces, options })
      if (options.mode === 'in-place' && options.room !== 'enough')
        return leavesInPlace({ ...traces, options })
      return options.mode === 'keep' ? [] : leavesBeside({ ...traces, options: asBeside(options) })
    },
    steps(options) {
      // Steps of a mode are given that mode's options.
      const steps =
        options.mode === 'keep'
          ? keepSteps(dependencies)
          : options.mode === 'tables'
            ? tablesSteps(dependencies, options)
            : options.mode === 'elsewhere'
              ? elsewhereSteps(dependencies)
              : options.mode === 'in-place'
                ? options.room === 'enough'
                  ? besideSteps(dependencies, asBeside(options))
                  : inPlaceSteps(dependencies, options)
                : besideSteps(dependencies, options)
      return (steps as readonly Step<never>[] as readonly Step<RestoreOptions>[]).map(telling)
    },
  }
  return kind as AnyKind
}
