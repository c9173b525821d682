/** What fails as things in the world do, as it is told of an operation. Pure. */
import type { OperationError } from '#shared/model/operation.ts'
import { NotWatched, reasonOfNotWatched } from '../inspect/not-watched.ts'
import { ReachError } from '../reach/reach.ts'
import { OperationFailed } from './kind.ts'

/** @returns `null`: it is none of these, and a bug here */
export function expectedError(error: unknown): OperationError | null {
  if (error instanceof OperationFailed) return error.reason
  if (error instanceof ReachError) return { failure: error.failure }
  if (error instanceof NotWatched) return reasonOfNotWatched(error)
  return null
}
