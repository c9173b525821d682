/**
 * Accounts of a test's own for a real sshd: passwords, one-time codes, expired ones. PAM reads them from fixed paths, so
 * sshd is run in a mount namespace that has others there; the machine's own files stay as they are. It takes root.
 */
import { execFileSync } from 'node:child_process'
import { createHmac, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findPamModule } from '../../demo/servers/programs.ts'

const MODULES = ['pam_unix.so', 'pam_permit.so', 'pam_google_authenticator.so']

/** Why there can be no accounts of a test's own here; `null` where there can. */
export const cannotHaveAccounts: string | null = probe()

if (cannotHaveAccounts !== null)
  console.warn(`Tests of logins through PAM are skipped: ${cannotHaveAccounts}.`)

export interface PamAccounts {
  /** What sshd is run inside of. */
  readonly inside: readonly string[]
  /** Made for this test; nobody else knows it. */
  readonly password: string
  /** The one-time code that counts now. */
  code(): string
}

export interface PamAccountsOptions {
  readonly directory: string
  readonly user: string
  /** The lines of PAM's `auth`: `password`, `code`, or both in this order. */
  readonly asks: readonly ('password' | 'code')[]
  /** The account's time is over. */
  readonly expired?: boolean
}

export function makePamAccounts({ directory, user, asks, expired = false }: PamAccountsOptions): PamAccounts {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const password = randomBytes(12).toString('base64url')
  const secret = randomBytes(20)
  const file = (name: string, text: string, mode: number): string => {
    const path = join(directory, name)
    writeFileSync(path, text, { mode })
    return path
  }
  const code = file('code', `${base32(secret)}\n" WINDOW_SIZE 3\n" TOTP_AUTH\n`, 0o400)
  const hash = execFileSync('openssl', ['passwd', '-6', '-stdin'], {
    input: password,
    encoding: 'utf8',
  }).trim()
  const lines = {
    password: 'auth required pam_unix.so',
    code: `auth required pam_google_authenticator.so secret=${code} user=root`,
  }
  const pam = [
    ...asks.map((each) => lines[each]),
    'account required pam_unix.so',
    'session required pam_permit.so',
  ]
  const binds = {
    '/etc/pam.d/sshd': file('pam', `${pam.join('\n')}\n`, 0o600),
    '/etc/passwd': file(
      'passwd',
      `${readFileSync('/etc/passwd', 'utf8')}${user}:x:0:0:a test's:${directory}:/bin/sh\n`,
      0o644,
    ),
    '/etc/shadow': file(
      'shadow',
      `${readFileSync('/etc/shadow', 'utf8')}${user}:${hash}:19000:0:99999:7::${expired ? '19001' : ''}:\n`,
      0o600,
    ),
  }
  const mounts = Object.entries(binds).map(([at, from]) => `mount --bind ${from} ${at}`)
  return {
    inside: [
      'unshare',
      '--mount',
      '--propagation',
      'private',
      'sh',
      '-c',
      `${mounts.join(' && ')} && exec "$@"`,
      'sh',
    ],
    password,
    code: () => totp(secret, Date.now()),
  }
}

/** RFC 6238: six digits, every 30 s. */
function totp(secret: Buffer, now: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)))
  const digest = createHmac('sha1', secret).update(counter).digest()
  const at = (digest.at(-1) ?? 0) & 15
  return String((digest.readUInt32BE(at) & 0x7fff_ffff) % 1_000_000).padStart(6, '0')
}

function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  return (bits.match(/.{5}/g) ?? []).map((five) => letters[Number.parseInt(five, 2)]).join('')
}

function probe(): string | null {
  if (process.platform !== 'linux') return 'mount namespaces are of Linux only'
  if (process.getuid?.() !== 0) return 'a mount namespace takes root'
  const missing = MODULES.find((name) => findPamModule(name) === null)
  if (missing !== undefined) return `${missing} is not installed`
  if (!existsSync('/etc/pam.d/sshd')) return 'sshd has no PAM service here'
  try {
    const mount = 'mount --bind /etc/passwd /etc/passwd'
    execFileSync('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', mount], { stdio: 'pipe' })
    return null
  } catch (error) {
    return `a mount namespace cannot be made: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`
  }
}
