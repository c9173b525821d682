/** SSH hops of a deployment profile: explicit ones, and ones that are entered as `ssh ALIAS` would be. */
import { z } from 'zod'
import { Port, SecretReference } from './fields.ts'

/**
 * One SSH hop. With `host` everything about it stands here, and the profile works on every machine alike. With `alias`
 * it is entered as `ssh ALIAS` on this machine would be, from its SSH configuration, jumps included; what stands here
 * besides goes before what the configuration says, as options of the command line do.
 */
export const SshHop = z
  .strictObject({
    host: z.string().min(1).optional(),
    alias: z.string().min(1).optional(),
    port: Port.optional(),
    user: z.string().min(1).optional(),
    /** The private key: usually `file:~/.ssh/id_ed25519`, or `secret:NAME`. */
    key: SecretReference.optional(),
    passphrase: SecretReference.optional(),
    /** The certificate that an authority signed for the key (`…-cert.pub`). */
    certificate: SecretReference.optional(),
    password: SecretReference.optional(),
    /** `true`: the agent of whoever started Vakhta (`SSH_AUTH_SOCK`; on Windows OpenSSH's pipe); else its socket or pipe. */
    agent: z.union([z.literal(true), z.string().min(1)]).optional(),
    /** The server may ask questions (a one-time code): they are put to whoever watches. */
    interactive: z.boolean().optional(),
  })
  .superRefine((hop, context) => {
    const refuse = (key: string, message: string) =>
      context.addIssue({ code: 'custom', path: [key], message })
    if (hop.host === undefined && hop.alias === undefined) refuse('host', 'hop-without-host')
    if (hop.host !== undefined && hop.alias !== undefined) refuse('alias', 'hop-host-and-alias')
    if (hop.passphrase !== undefined && hop.key === undefined) refuse('passphrase', 'passphrase-without-key')
    if (hop.certificate !== undefined && hop.key === undefined && hop.agent === undefined) {
      refuse('certificate', 'certificate-without-key')
    }
    if (hop.host === undefined) return
    if (hop.user === undefined) refuse('user', 'hop-without-user')
    const { key, password, agent, interactive } = hop
    if (key === undefined && password === undefined && agent === undefined && interactive !== true) {
      refuse('key', 'hop-without-credentials')
    }
  })
export type SshHop = z.infer<typeof SshHop>

export const Ssh = z.strictObject({
  /** In the order in which they are passed: the bastion first. */
  hops: z.array(SshHop).min(1).max(8),
  /** A `known_hosts` file beside `~/.ssh/known_hosts` and the keys accepted in Vakhta. */
  knownHosts: z.string().min(1).optional(),
  /** The SSH configuration that `alias` is looked up in, as `ssh -F`; left out: `~/.ssh/config`, then the machine's. */
  config: z.string().min(1).optional(),
})
export type Ssh = z.infer<typeof Ssh>
