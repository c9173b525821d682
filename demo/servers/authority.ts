/** Certificate authorities of the demo and of tests: they issue what is needed, expired certificates and intermediates included. */
import { execFileSync } from 'node:child_process'
import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const DAY_MS = 86_400_000

export interface Validity {
  /** A day ago where it is left out. */
  readonly notBefore?: Date
  /** `days` from now where it is left out. */
  readonly notAfter?: Date
  /** 30 where neither this nor `notAfter` is given. */
  readonly days?: number
}

export interface IssueOptions extends Validity {
  /** Host names and IP addresses that it is for; the first is its common name too. */
  readonly names?: readonly string[]
  /** Its common name, where that is not the first of the names: a role of PostgreSQL, a user. */
  readonly commonName?: string
  /** `server` where it is left out. */
  readonly use?: 'server' | 'client'
  readonly keyType?: 'ec' | 'rsa'
  /** Protects the key. */
  readonly passphrase?: string
}

export interface Issued {
  /** PEM of the key, PKCS #8. */
  readonly key: string
  /** PEM of the certificate alone. */
  readonly certificate: string
  /** PEM of the certificate and the intermediates above it, as a server should send them; without the root. */
  readonly chain: string
}

export interface Authority extends Issued {
  issue(options: IssueOptions): Issued
  /** An authority that this one vouches for. */
  intermediate(name: string, validity?: Validity): Authority
}

/** A root: it is its own issuer, and its chain is empty. */
export function createAuthority(name = 'Test Root', validity: Validity = {}): Authority {
  const key = newKey('ec')
  const certificate = sign({ key, subject: `/O=Vakhta Test/CN=${name}`, extensions: AUTHORITY, validity })
  return authority({ key, certificate, chain: '' })
}

/** A certificate that is signed by itself. */
export function selfSigned(options: IssueOptions): Issued {
  const key = newKey(options.keyType ?? 'ec')
  const certificate = sign({ key, ...described(options), validity: options })
  return { key: sealed(key, options.passphrase), certificate, chain: certificate }
}

const AUTHORITY = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign']

function authority(self: Issued): Authority {
  function issued(key: string, certificate: string, passphrase?: string): Issued {
    return { key: sealed(key, passphrase), certificate, chain: certificate + self.chain }
  }
  return {
    ...self,
    issue(options) {
      const key = newKey(options.keyType ?? 'ec')
      const certificate = sign({ key, ...described(options), validity: options, issuer: self })
      return issued(key, certificate, options.passphrase)
    },
    intermediate(name, validity = {}) {
      const key = newKey('ec')
      const subject = `/O=Vakhta Test/CN=${name}`
      const certificate = sign({ key, subject, extensions: AUTHORITY, validity, issuer: self })
      return authority(issued(key, certificate))
    },
  }
}

function described({ names = [], commonName, use = 'server' }: IssueOptions) {
  const alternatives = names.map((name) => `${isIP(name) === 0 ? 'DNS' : 'IP'}:${name}`)
  return {
    subject: `/CN=${commonName ?? names[0] ?? 'nobody'}`,
    extensions: [
      'basicConstraints=CA:FALSE',
      `extendedKeyUsage=${use}Auth`,
      ...(alternatives.length === 0 ? [] : [`subjectAltName=${alternatives.join(',')}`]),
    ],
  }
}

function newKey(type: 'ec' | 'rsa'): string {
  const { privateKey } =
    type === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

function sealed(key: string, passphrase: string | undefined): string {
  if (passphrase === undefined) return key
  const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase } as const
  return createPrivateKey(key).export(options).toString()
}

let serial = Date.now()

/** Of OpenSSL's commands only `ca` can give a certificate the dates that a test wants, also in its older versions. */
function sign({
  key,
  subject,
  extensions,
  validity: { notBefore = new Date(Date.now() - DAY_MS), days = 30, notAfter },
  issuer,
}: {
  key: string
  subject: string
  extensions: readonly string[]
  validity: Validity
  /** Left out: it signs itself. */
  issuer?: Issued
}): string {
  const directory = mkdtempSync(join(tmpdir(), 'vakhta-authority-'))
  const at = (name: string) => join(directory, name)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' })
  try {
    serial += 1
    writeFileSync(at('key.pem'), key)
    writeFileSync(at('issuer.key'), issuer?.key ?? key)
    if (issuer !== undefined) writeFileSync(at('issuer.pem'), issuer.certificate)
    writeFileSync(at('index.txt'), '')
    writeFileSync(at('serial'), serial.toString(16).padStart(16, '0'))
    writeFileSync(at('openssl.cnf'), configuration(extensions))
    openssl('req', '-config', 'openssl.cnf', '-new', '-key', 'key.pem', '-subj', subject, '-out', 'request')
    openssl(
      ...['ca', '-batch', '-notext', '-config', 'openssl.cnf', '-in', 'request', '-out', 'certificate.pem'],
      ...['-keyfile', 'issuer.key', ...(issuer === undefined ? ['-selfsign'] : ['-cert', 'issuer.pem'])],
      ...['-startdate', stamp(notBefore)],
      ...['-enddate', stamp(notAfter ?? new Date(Date.now() + days * DAY_MS))],
    )
    return readFileSync(at('certificate.pem'), 'utf8')
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function configuration(extensions: readonly string[]): string {
  return `[ca]
default_ca = test
[test]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
x509_extensions = extensions
unique_subject = no
[any]
organizationName = optional
commonName = supplied
[req]
distinguished_name = name
[name]
[extensions]
subjectKeyIdentifier = hash
${extensions.join('\n')}
`
}

/** As `openssl ca` takes dates. */
function stamp(date: Date): string {
  return `${date.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`
}
