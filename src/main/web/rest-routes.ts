/** Which procedures of the contract have a REST route, and where. */
import { isContractProcedure } from '@orpc/contract'

export const REST_PREFIX = '/api/v1'

/** Procedures without a declared path are for the console's own page, over its socket. */
export function hasRoute(procedure: unknown): boolean {
  return isContractProcedure(procedure) && procedure['~orpc'].route.path !== undefined
}
