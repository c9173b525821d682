/** An SSH hop in the form: where it is, and the ways to log in there. */
import type { SshHop } from '#shared/model/profile/ssh.ts'
import { type Kept, NOTHING_KEPT, onTop } from './kept.ts'
import { referenceOf, type SecretDraft, secretDraft } from './secret.ts'

/** `address`: everything about it stands here. `alias`: it is entered as `ssh ALIAS` on this machine would be. */
export const HOP_PLACES = ['address', 'alias'] as const
export type HopPlace = (typeof HOP_PLACES)[number]

export const LOGIN_WAYS = ['key', 'agent', 'password', 'interactive'] as const
export type LoginWay = (typeof LOGIN_WAYS)[number]

export interface HopDraft {
  place: HopPlace
  host: string
  alias: string
  port: number | ''
  user: string
  ways: LoginWay[]
  key: SecretDraft
  passphrase: SecretDraft
  certificate: SecretDraft
  /** The agent's socket or pipe; empty for the agent of whoever started Vakhta. */
  agent: string
  password: SecretDraft
  kept: Kept
}

const SSH_PORT = 22

export const newHop = (): HopDraft => ({
  ...hopDraft({ host: '', port: SSH_PORT, key: 'file:~/.ssh/id_ed25519' }),
  kept: NOTHING_KEPT,
})

export function hopDraft(hop: SshHop): HopDraft {
  return {
    place: hop.alias === undefined ? 'address' : 'alias',
    host: hop.host ?? '',
    alias: hop.alias ?? '',
    port: hop.port ?? '',
    user: hop.user ?? '',
    ways: LOGIN_WAYS.filter((way) => hop[way] !== undefined && hop[way] !== false),
    key: secretDraft(hop.key),
    passphrase: secretDraft(hop.passphrase),
    certificate: secretDraft(hop.certificate),
    agent: typeof hop.agent === 'string' ? hop.agent : '',
    password: secretDraft(hop.password),
    kept: hop,
  }
}

export function hopOf(draft: HopDraft): Record<string, unknown> {
  const { place, port, ways, kept } = draft
  const logsInBy = (way: LoginWay) => ways.includes(way)
  const byAddress = place === 'address'
  return onTop(
    kept,
    {
      host: byAddress ? draft.host.trim() : undefined,
      alias: byAddress ? undefined : draft.alias.trim(),
      port,
      user: draft.user.trim(),
      key: logsInBy('key') ? referenceOf(draft.key) : undefined,
      passphrase: logsInBy('key') ? referenceOf(draft.passphrase) : undefined,
      certificate: hasCertificate(draft) ? referenceOf(draft.certificate) : undefined,
      password: logsInBy('password') ? referenceOf(draft.password) : undefined,
      agent: logsInBy('agent') ? draft.agent.trim() || true : undefined,
      // "No questions" is more than saying nothing: it goes before what the SSH configuration says.
      interactive: logsInBy('interactive') ? true : kept.interactive === false ? false : undefined,
    },
    ['host', 'alias', 'key', 'password', ...(byAddress ? ['user'] : [])],
  )
}

/** A certificate is of a key, which may be in the agent. */
export function hasCertificate({ ways }: HopDraft): boolean {
  return ways.includes('key') || ways.includes('agent')
}
