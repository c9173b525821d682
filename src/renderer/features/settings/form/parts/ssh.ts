/** The way over SSH in the form: its hops, and the files that they are judged and looked up by. */
import type { Ssh } from '#shared/model/profile/ssh.ts'
import { type HopDraft, hopDraft, hopOf } from './hop.ts'
import { type Kept, NOTHING_KEPT, onTop } from './kept.ts'

export interface SshDraft {
  hops: HopDraft[]
  knownHosts: string
  config: string
  kept: Kept
}

export function sshDraft(ssh?: Ssh): SshDraft {
  return {
    hops: ssh?.hops.map(hopDraft) ?? [],
    knownHosts: ssh?.knownHosts ?? '',
    config: ssh?.config ?? '',
    kept: ssh ?? NOTHING_KEPT,
  }
}

/** Nothing where there is no hop: the files are of use to hops alone. */
export function sshOf({ hops, knownHosts, config, kept }: SshDraft): Record<string, unknown> | undefined {
  if (hops.length === 0) return undefined
  return onTop(kept, { hops: hops.map(hopOf), knownHosts: knownHosts.trim(), config: config.trim() })
}
