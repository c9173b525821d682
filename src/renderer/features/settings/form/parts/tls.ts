/** TLS of a target in the form: whom to trust, and who we are. */
import type { Tls, TlsCheck } from '#shared/model/profile/tls.ts'
import { type Kept, onTopOrNone } from './kept.ts'
import { referenceOf, type SecretDraft, secretDraft } from './secret.ts'

export interface TlsDraft {
  authorities: SecretDraft
  certificate: SecretDraft
  key: SecretDraft
  passphrase: SecretDraft
  serverName: string
  /** Says nothing where the URL says how much is checked, as PostgreSQL's `sslmode` does. */
  check: TlsCheck
  kept: Kept | null
}

export function tlsDraft(tls?: Partial<Tls>): TlsDraft {
  return {
    authorities: secretDraft(tls?.authorities),
    certificate: secretDraft(tls?.certificate),
    key: secretDraft(tls?.key),
    passphrase: secretDraft(tls?.passphrase),
    serverName: tls?.serverName ?? '',
    check: tls?.check ?? 'full',
    kept: tls ?? null,
  }
}

export function tlsOf(draft: TlsDraft): Record<string, unknown> | undefined {
  return onTopOrNone(draft.kept, {
    authorities: referenceOf(draft.authorities),
    certificate: referenceOf(draft.certificate),
    key: referenceOf(draft.key),
    passphrase: referenceOf(draft.passphrase),
    serverName: draft.serverName.trim(),
    // The default is not written where nobody wrote it.
    check: draft.check === 'full' && draft.kept?.check === undefined ? undefined : draft.check,
  })
}
