/** TLS of a target: whom to trust, and who we are. */
import { z } from 'zod'
import { SecretReference } from './fields.ts'

const identity = {
  /** PEM certificates of the only authorities that are trusted; left out: those that this machine trusts. */
  authorities: SecretReference.optional(),
  /** Our own certificate (PEM, with its chain) and its key, where the server asks who we are. */
  certificate: SecretReference.optional(),
  key: SecretReference.optional(),
  passphrase: SecretReference.optional(),
  /** The name to ask for (SNI) and to find in the certificate, where that is not the URL's host. */
  serverName: z.string().min(1).optional(),
}

interface Identity {
  readonly certificate?: unknown
  readonly key?: unknown
  readonly passphrase?: unknown
}

/** A certificate is of no use without its key, nor the other way round. */
function refuseHalves(tls: Identity, context: z.RefinementCtx): void {
  if ((tls.certificate === undefined) !== (tls.key === undefined)) {
    const path = [tls.certificate === undefined ? 'certificate' : 'key']
    context.addIssue({ code: 'custom', path, message: 'certificate-and-key' })
  }
  if (tls.passphrase !== undefined && tls.key === undefined) {
    context.addIssue({ code: 'custom', path: ['passphrase'], message: 'passphrase-without-key' })
  }
}

/** Where the URL itself says how much is checked, as PostgreSQL's `sslmode` does. */
export const TlsIdentity = z.strictObject(identity).superRefine(refuseHalves)
export type TlsIdentity = z.infer<typeof TlsIdentity>

/** `full`: the chain and the name. `ca`: the chain alone. `none`: encrypted, but to nobody in particular. */
export const TLS_CHECKS = ['full', 'ca', 'none'] as const
export type TlsCheck = (typeof TLS_CHECKS)[number]

export const Tls = z
  .strictObject({ ...identity, check: z.enum(TLS_CHECKS).default('full') })
  .superRefine(refuseHalves)
export type Tls = z.infer<typeof Tls>
