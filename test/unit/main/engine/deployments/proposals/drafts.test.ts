import { beforeEach, describe, expect, it } from 'vitest'
import {
  createProposals,
  DraftGone,
  type Proposals,
  SecretExists,
} from '../../../../../../src/main/engine/deployments/proposals/drafts.ts'
import type { Vault } from '../../../../../../src/main/engine/vault/vault.ts'
import { createDrivenClock } from '../../../../../support/driven-clock.ts'

const TEXT = 'postgresql://app:hunter2@db.example.com/shop'
const HOUR_MS = 3_600_000

let stored: Map<string, string>
let proposals: Proposals
let clock: ReturnType<typeof createDrivenClock>

beforeEach(() => {
  stored = new Map()
  clock = createDrivenClock()
  const vault: Vault = {
    names: async () => [...stored.keys()].map((name) => ({ name, updatedAt: 0 })),
    get: async (name) => stored.get(name) ?? null,
    set: async (name, value) => void stored.set(name, value),
    remove: async (name) => stored.delete(name),
  }
  const resolveSecret = async (reference: string) => `elsewhere:${reference}`
  proposals = createProposals({ clock, vault, deploymentNames: () => ['other'], resolveSecret })
})

async function pasted(owner = 'ann') {
  const { draft, profile } = await proposals.propose({ text: TEXT }, owner)
  if (draft === null) throw new Error('nothing is kept')
  return { of: { id: draft.id, owner }, profile }
}

describe('what was pasted', () => {
  it('is resolved before what is in the vault, and anything else as ever', async () => {
    const { of } = await pasted()
    const resolve = proposals.resolverOf(of)
    expect(await resolve('secret:shop-postgres')).toBe('hunter2')
    expect(await resolve('env:OTHER')).toBe('elsewhere:env:OTHER')
    expect(stored.size).toBe(0)
  })

  it('reaches the vault with a profile that refers to it, as often as saving is tried', async () => {
    const { of, profile } = await pasted()
    await proposals.store(of, { ...profile, postgres: undefined })
    expect(stored.size).toBe(0)
    await proposals.store(of, profile)
    await proposals.store(of, profile)
    expect(Object.fromEntries(stored)).toEqual({ 'shop-postgres': 'hunter2' })
  })

  it('replaces nobody else’s secret', async () => {
    const { of, profile } = await pasted()
    stored.set('shop-postgres', 'somebody else’s')
    await expect(proposals.store(of, profile)).rejects.toBeInstanceOf(SecretExists)
    expect(stored.get('shop-postgres')).toBe('somebody else’s')
  })

  it('is of nobody but who pasted it', async () => {
    const { of, profile } = await pasted()
    const stranger = { ...of, owner: 'eve' }
    expect(() => proposals.resolverOf(stranger)).toThrow(DraftGone)
    await expect(proposals.store(stranger, profile)).rejects.toBeInstanceOf(DraftGone)
    proposals.forget(stranger)
    expect(() => proposals.resolverOf(of)).not.toThrow()
  })

  it('is gone after an hour, when it was saved, and when the console stops', async () => {
    const first = await pasted()
    await clock.advance(HOUR_MS)
    expect(() => proposals.resolverOf(first.of)).toThrow(DraftGone)
    const second = await pasted()
    proposals.forget(second.of)
    expect(() => proposals.resolverOf(second.of)).toThrow(DraftGone)
    const third = await pasted()
    proposals.close()
    expect(() => proposals.resolverOf(third.of)).toThrow(DraftGone)
  })

  it('is kept of the newest alone', async () => {
    const first = await pasted()
    const others = await Promise.all(Array.from({ length: 32 }, () => pasted()))
    expect(() => proposals.resolverOf(first.of)).toThrow(DraftGone)
    for (const { of } of others) expect(() => proposals.resolverOf(of)).not.toThrow()
  })

  it('is not kept where there is no secret in it', async () => {
    expect((await proposals.propose({ text: 'https://shop.example.com' }, 'ann')).draft).toBe(null)
  })
})
