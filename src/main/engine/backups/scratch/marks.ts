/** What a drill makes on a server that is somebody's is called, and marked with as its comment: after its operation, with all of its id. Pure. */

const MARK = 'Vakhta: drill '
const NAME = 'vakhta_drill_'
const ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const OF_DATABASE = new RegExp(`^${NAME}(${ID})_\\d+$`)
const OF_COMMENT = new RegExp(`^${MARK}(${ID})$`)

export interface ScratchNames {
  readonly marker: string
  /** Runs what is in the backup. */
  readonly role: string
  database(index: number): string
}

/** @param operation `null` where there is none yet */
export function scratchNames(operation: string | null): ScratchNames {
  const id = operation ?? '…'
  return {
    marker: `${MARK}${id}`,
    role: `${NAME}${id}`,
    database: (index) => `${NAME}${id}_${index + 1}`,
  }
}

/**
 * The operation that a database is of; `null`: none of ours. One without a comment is told by its name alone: it was made, and the console was killed
 * before it was marked. No one else has that id; whether the operation is on record is for whoever asks.
 */
export function operationOfDatabase({
  name,
  comment,
}: {
  readonly name: string
  readonly comment: string | null
}): string | null {
  return comment === null ? (OF_DATABASE.exec(name)?.[1] ?? null) : operationOfRole({ comment })
}

export function operationOfRole({ comment }: { readonly comment: string | null }): string | null {
  return OF_COMMENT.exec(comment ?? '')?.[1] ?? null
}
