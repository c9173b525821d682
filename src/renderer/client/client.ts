/** The contract's client over a link, and the query options and keys made from it. */
import { createORPCClient, ORPCError } from '@orpc/client'
import type {
  ContractRouterClient,
  InferContractRouterInputs,
  InferContractRouterOutputs,
} from '@orpc/contract'
import { createTanstackQueryUtils } from '@orpc/tanstack-query'
import type { Contract } from '#shared/contract/contract.ts'
import type { Link } from './link.ts'

export type Outputs = InferContractRouterOutputs<Contract>
export type Inputs = InferContractRouterInputs<Contract>
/** What the cache holds of the fleet, and of one deployment. */
export type FleetView = Outputs['live']['fleet']
/** What the cache holds of the alerts that fire. */
export type AlertsView = Outputs['alerts']['live']
export type DeploymentView = Outputs['live']['deployment']

export type Client = ContractRouterClient<Contract>

/** Calls as the contract declares them: `client.deployments.save({ … })`. */
export function createClient(link: Link): Client {
  return createORPCClient<Client>(link)
}

/** `api.deployments.list.queryOptions()`, `.mutationOptions()`, `.key()`. */
export function createApi(client: Client) {
  return createTanstackQueryUtils(client)
}
export type Api = ReturnType<typeof createApi>

/** What the console refused with, or `null` where the error is not an answer of the console. */
export function refusalOf(error: unknown): { code: string; message: string; data: unknown } | null {
  return error instanceof ORPCError ? { code: error.code, message: error.message, data: error.data } : null
}
