/** A proposal as the console answers it. */
import type { Client } from '../../../client/client.ts'

export type ProposalOut = Awaited<ReturnType<Client['deployments']['propose']>>
