/** Host keys: those of `known_hosts`, those accepted in Vakhta, and those that were offered and wait for somebody. */
export interface HostKey {
  /** `HOST:PORT` as the profile names it. */
  readonly host: string
  readonly keyType: string
  /** `SHA256:…`, as OpenSSH prints it. */
  readonly fingerprint: string
  readonly state: 'accepted' | 'offered' | 'changed'
  readonly at: number
}

export interface HostKeys {
  list(): Promise<HostKey[]>
  /** Accepts by fingerprint, also before the host was ever reached. Replaces a key accepted earlier. */
  accept(host: string, fingerprint: string): Promise<void>
  remove(host: string): Promise<boolean>
  /** What to do with an offered key, and a note of the offer. `files`: `known_hosts` files to look into. */
  judge(host: string, port: number, key: Buffer, files: readonly string[]): Promise<HostKeyVerdict>
}

export type HostKeyVerdict =
  | { readonly verdict: 'known'; readonly fingerprint: string }
  | { readonly verdict: 'unknown'; readonly fingerprint: string; readonly keyType: string }
  | {
      readonly verdict: 'changed'
      readonly fingerprint: string
      readonly known: string
      readonly where: string
    }
  | { readonly verdict: 'revoked'; readonly fingerprint: string; readonly where: string }
