/** What was made of a text that somebody pasted to add a deployment: a profile as far as it is known, and why it is so. */
import { z } from 'zod'
import type { proposals } from '#shared/locales/en/proposals.ts'
import type { Singular } from '#shared/locales/plurals.ts'
import { DeploymentProfile, ProfileIssue } from './profile/deployment.ts'

/** A key of `locales/<language>/proposals.ts`. */
export type ProposalCode = Singular<keyof typeof proposals>

/** What people paste: addresses, the way to a server, the variables of an application, a Compose file, a profile. */
export const PASTED_KINDS = ['urls', 'ssh', 'env', 'compose', 'profile'] as const
export const PastedKind = z.enum(PASTED_KINDS)
export type PastedKind = z.infer<typeof PastedKind>

/** As much as a profile may be. */
export const PASTED_MAX_LENGTH = 1_000_000

export const ProposalNote = z.object({
  /** A key of `locales/<language>/proposals.ts`. */
  code: z.string(),
  /** Names, numbers and addresses; never a value that was pasted for a secret. */
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  /** 1-based, in the text that was pasted; `null` where it is of no one line. */
  line: z.number().nullable(),
  /** `found`: it stands in the text. `assumed`: nothing said so. `look`: somebody has to see to it. */
  tone: z.enum(['found', 'assumed', 'look']),
})
export type ProposalNote = z.infer<typeof ProposalNote>

/** A secret that the proposed profile refers to as `secret:NAME`. */
export const ProposedSecret = z.object({
  name: z.string(),
  /** Whether its value stood in the text; it is kept by the console and never told. */
  found: z.boolean(),
})
export type ProposedSecret = z.infer<typeof ProposedSecret>

export const Proposal = z.object({
  /** What the text was recognised as; none where it was not. */
  kinds: z.array(PastedKind),
  /** `null` where nothing to watch was found. */
  profile: DeploymentProfile.nullable(),
  secrets: z.array(ProposedSecret),
  notes: z.array(ProposalNote),
  /** Faults of what was found and is therefore not part of the profile. */
  issues: z.array(ProfileIssue),
})
export type Proposal = z.infer<typeof Proposal>
