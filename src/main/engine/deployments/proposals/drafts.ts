/**
 * Proposals with the secrets that stood in what was pasted, until the deployment is saved. The values stay here, in memory
 * and for a while: they went in once with the text, no answer holds them, and they reach the vault only with a profile
 * that refers to them. A client that sent them again would have to take them apart a second time, and to keep them.
 */
import { randomUUID } from 'node:crypto'
import type { SecretReference } from '#shared/model/profile/fields.ts'
import type { Clock } from '../../clock.ts'
import type { SecretResolver } from '../../vault/resolve.ts'
import type { Vault } from '../../vault/vault.ts'
import { type Pasted, type Proposed, propose } from './propose.ts'

/** Which draft, and who may use it: whoever pasted it. */
export interface DraftOf {
  readonly id: string
  readonly owner: string
}

export interface Proposals {
  /** `draft` is `null` where no secret was found, so that nothing is kept. */
  propose(pasted: Pasted, owner: string): Promise<Proposed & { readonly draft: Kept | null }>
  /** Resolves references from what was pasted first, then as anywhere. @throws DraftGone */
  resolverOf(draft: DraftOf): SecretResolver
  /** Puts those secrets of a draft into the vault that a profile refers to. @throws DraftGone, SecretExists, VaultError */
  store(draft: DraftOf, profile: unknown): Promise<void>
  /** Forgets a draft, if it is still there: its deployment is saved. */
  forget(draft: DraftOf): void
  /** Forgets all. */
  close(): void
}

export interface Kept {
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly until: number
}

/** What was pasted is no longer kept: its time is over, or the console was started anew. */
export class DraftGone extends Error {
  constructor() {
    super('the pasted secrets are no longer kept')
    this.name = 'DraftGone'
  }
}

/** Somebody else's secret has this name by now; it is not replaced. */
export class SecretExists extends Error {
  readonly secret: string
  constructor(secret: string) {
    super(`there is a secret of the name ${secret} already`)
    this.name = 'SecretExists'
    this.secret = secret
  }
}

const KEPT_MS = 60 * 60_000
/** Several people, with several texts each. */
const MOST_DRAFTS = 32

interface Draft {
  readonly owner: string
  readonly values: ReadonlyMap<string, string>
  /** Names that were put into the vault from here: saving may be tried again. */
  readonly stored: Set<string>
  readonly stopWaiting: () => void
}

export function createProposals({
  clock,
  vault,
  deploymentNames,
  resolveSecret,
}: {
  readonly clock: Clock
  readonly vault: Vault
  readonly deploymentNames: () => readonly string[]
  readonly resolveSecret: SecretResolver
}): Proposals {
  const drafts = new Map<string, Draft>()

  function remove(id: string) {
    drafts.get(id)?.stopWaiting()
    drafts.delete(id)
  }

  function draftOf({ id, owner }: DraftOf): Draft {
    const draft = drafts.get(id)
    if (draft === undefined || draft.owner !== owner) throw new DraftGone()
    return draft
  }

  function keep(values: ReadonlyMap<string, string>, owner: string): Kept {
    const [oldest] = drafts.keys()
    if (drafts.size >= MOST_DRAFTS && oldest !== undefined) remove(oldest)
    const id = randomUUID()
    drafts.set(id, { owner, values, stored: new Set(), stopWaiting: clock.after(KEPT_MS, () => remove(id)) })
    return { id, until: clock.now() + KEPT_MS }
  }

  return {
    async propose(pasted, owner) {
      const secrets = new Set((await vault.names()).map(({ name }) => name))
      const proposed = propose(pasted, { deployments: new Set(deploymentNames()), secrets })
      return { ...proposed, draft: proposed.values.size === 0 ? null : keep(proposed.values, owner) }
    },

    resolverOf(of) {
      const { values } = draftOf(of)
      return async (reference) => {
        const name = nameIn(reference)
        return (name === null ? undefined : values.get(name)) ?? (await resolveSecret(reference))
      }
    },

    async store(of, profile) {
      const draft = draftOf(of)
      const text = JSON.stringify(profile)
      const wanted = [...draft.values].filter(([name]) => text.includes(`"secret:${name}"`))
      const known = new Set((await vault.names()).map(({ name }) => name))
      for (const [name] of wanted) {
        if (known.has(name) && !draft.stored.has(name)) throw new SecretExists(name)
      }
      for (const [name, value] of wanted) {
        await vault.set(name, value)
        draft.stored.add(name)
      }
    },

    forget(of) {
      if (drafts.get(of.id)?.owner === of.owner) remove(of.id)
    },

    close() {
      for (const id of [...drafts.keys()]) remove(id)
    },
  }
}

function nameIn(reference: SecretReference): string | null {
  return reference.startsWith('secret:') ? reference.slice('secret:'.length) : null
}
