/** Starts a program of PostgreSQL on another machine, or in a container there, against a server that it reaches by itself. */
import { createPrivateKey, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { constants } from 'node:os'
import type { Readable } from 'node:stream'
import { errorWords } from '../../../reach/failed.ts'
import { postgresUrl, serverPlace, tlsCheck, tlsIdentity } from '../../../reach/postgres/address.ts'
import type { PostgresDependencies } from '../../../reach/postgres/connection.ts'
import { encryptions } from '../../../reach/postgres/encryption.ts'
import { ReachError } from '../../../reach/reach.ts'
import { needSecret } from '../../../reach/secret.ts'
import { tlsTerms } from '../../../reach/tls-terms.ts'
import { BackupError } from '../../backup-error.ts'
import type { Admitted } from '../admitted.ts'
import { type Exit, KEPT_BYTES, type Run, type ServerRun } from '../program.ts'
import { connectionValue, passwordFileField } from '../quote.ts'
import type { Tool } from '../tools.ts'
import { ALIVE, HEARTBEAT_MS, type Inside, type Launch, LOGGED_IN, launcher, launchScript } from './script.ts'
import type { There } from './there.ts'

const STARTS_WITHIN_MS = 20_000
/** From the end of its input until its channel is closed. */
const STOPS_WITHIN_MS = 6_000
/** What a login may print before anything of ours begins. */
const MOST_NOISE = 256 * 1024
/** As a shell tells that a signal ended a program. */
const SIGNALLED = 128

export interface Login extends Admitted {
  readonly database: string
  /** What its sessions are called in `pg_stat_activity`. */
  readonly name: string
}

/** Against a server. */
export async function startThere(
  dependencies: PostgresDependencies & StartDependencies,
  inside: Inside | null,
  tool: Pick<Tool, 'path'>,
  args: readonly string[],
  login: Omit<Login, 'encryption'>,
): Promise<ServerRun> {
  const way = await loginThere(dependencies, login)
  const { secrets, files } = way
  const what = { path: tool.path, args: [...args, ...way.args], env: way.env, files, reads: false }
  return { ...(await launch(dependencies, inside, what)), secrets, close: async () => {} }
}

/** One that works on what it is given, and on no server. */
export function startReader(
  dependencies: StartDependencies,
  inside: Inside | null,
  { path }: Pick<Tool, 'path'>,
  args: readonly string[],
): Promise<Pick<ServerRun, keyof Run | 'failure'>> {
  return launch(dependencies, inside, { path, args, env: { LC_ALL: 'C' }, files: [], reads: true })
}

interface StartDependencies {
  readonly there: There
  readonly signal: AbortSignal
}

async function launch(
  { there, signal }: StartDependencies,
  inside: Inside | null,
  what: Omit<Launch, 'mark'>,
): Promise<Omit<ServerRun, 'secrets' | 'close'>> {
  const mark = `vakhta ${randomBytes(12).toString('hex')}`
  const { script, after } = launchScript({ ...what, mark })
  const limits = { signal, timeoutMs: STARTS_WITHIN_MS }
  const program = await there.start(launcher(script.length, inside), limits)
  const { output, errors, exit: ended } = program
  output.on('error', () => {})
  let said = Buffer.alloc(0)
  errors.on('data', (chunk: Buffer) => {
    said = Buffer.concat([said, chunk]).subarray(-KEPT_BYTES)
  })
  let isCut = false
  const exit = ended.then(({ code, signal: by }): Exit => {
    clearInterval(beat)
    isCut = code === null && by === null
    const killed = code !== null && code > SIGNALLED ? signalName(code - SIGNALLED) : null
    return { code: killed === null ? code : null, signal: by ?? killed, words: said.toString('utf8') }
  })
  const say = (word: string): void => void program.write(Buffer.from(word))
  const beat = setInterval(() => say(ALIVE), HEARTBEAT_MS)
  if (what.reads) clearInterval(beat)
  const stop = async (): Promise<void> => {
    program.end()
    // What nobody reads any more would keep it from being closed.
    output.resume()
    const timer = setTimeout(() => output.destroy(), STOPS_WITHIN_MS)
    await exit
    clearTimeout(timer)
  }
  /** Nothing that was printed is its program's: an exit that says nothing would make a dump of it. */
  const heedNoMark = async (): Promise<void> => {
    if (output.readableEnded || output.destroyed) {
      const { code, signal: by, words } = await exit
      if (isCut || by !== null || (code ?? 0) !== 0) return
      throw new BackupError('login-noise', { machine: there.name, words: errorWords(words) })
    }
    throw new BackupError('login-noise', { machine: there.name, words: '' })
  }
  try {
    void program.write(Buffer.concat([script, after]))
    const cancel = () => output.destroy()
    signal.addEventListener('abort', cancel, { once: true })
    signal.throwIfAborted()
    const isMarked = await passMark(output, Buffer.from(`${mark}\n`))
    signal.removeEventListener('abort', cancel)
    signal.throwIfAborted()
    if (!isMarked) await heedNoMark()
  } catch (error) {
    await stop()
    throw error
  }
  return {
    ...{ output, exit, stop },
    give: program.write,
    giveNoMore: program.end,
    async loggedIn() {
      if (!what.reads) say(LOGGED_IN)
    },
    failure() {
      const down = isCut ? there.down() : null
      return down === null ? null : new ReachError(down)
    },
  }
}

/** What it is given to log in with; texts of files stay out of command lines and environments. */
async function loginThere(
  { postgres, resolveSecret, authorities }: PostgresDependencies,
  { server, database, name }: Omit<Login, 'encryption'>,
): Promise<Pick<Launch, 'args' | 'env' | 'files'> & Pick<ServerRun, 'secrets'>> {
  const url = postgresUrl(postgres)
  const place = serverPlace(server)
  const { user, password: reference } = postgres.operate ?? { ...postgres, user: url.user }
  const password =
    reference === undefined ? null : await needSecret(resolveSecret, reference, place, 'authentication')
  const isEncrypted = encryptions(url.sslmode, server).includes('tls')
  const tls = tlsIdentity(url, postgres.tls)
  const check = tlsCheck(url, tls)
  const terms = isEncrypted
    ? await tlsTerms(tls, { host: server.host, check, authorities }, resolveSecret, place)
    : null
  const target = { host: server.host, port: String(server.port), user, dbname: database }
  const connect = Object.entries(target).map(([key, value]) => `${key}=${connectionValue(value)}`)
  const file = (variable: string, fileName: string, text: string | null | undefined) =>
    text == null || text === '' ? [] : [{ variable, name: fileName, text }]
  return {
    args: ['--no-password', `--dbname=${connect.join(' ')}`],
    env: {
      ...{ LC_ALL: 'C', PGAPPNAME: name, PGGSSENCMODE: 'disable' },
      // What its user may have at home there is no part of this.
      PGPASSFILE: '/nonexistent',
      ...{ PGSSLROOTCERT: '/nonexistent', PGSSLCERT: '/nonexistent', PGSSLCRL: '/nonexistent' },
      // It tries both ways by itself, and checks by the authorities that it is given in the weaker modes, too.
      PGSSLMODE: url.sslmode,
      ...(url.channelBinding === 'prefer' ? {} : { PGCHANNELBINDING: url.channelBinding }),
    },
    files: [
      ...file(
        'PGPASSFILE',
        'password',
        password === null ? null : `*:*:*:*:${passwordFileField(password)}\n`,
      ),
      ...file('PGSSLROOTCERT', 'authorities', terms?.authorities.join('\n')),
      ...file('PGSSLCERT', 'certificate', terms?.identity?.certificate),
      ...file('PGSSLKEY', 'key', terms?.identity == null ? null : plainKey(terms.identity)),
    ],
    secrets: [password],
  }
}

/** Its passphrase would have to stand in an argument. */
function plainKey({ key, passphrase }: { key: string; passphrase: string | null }): string {
  if (passphrase === null) return key
  return createPrivateKey({ key, passphrase }).export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** Reads up to the mark, which is passed over with all before it. @returns whether it came */
async function passMark(output: Readable, mark: Buffer): Promise<boolean> {
  let seen: Buffer = Buffer.alloc(0)
  while (seen.length < MOST_NOISE && !output.readableEnded && !output.destroyed) {
    const chunk: Buffer | null = output.read()
    if (chunk === null) {
      const heard = new AbortController()
      const once_ = (event: string) => once(output, event, { signal: heard.signal }).catch(() => {})
      await Promise.race([once_('readable'), once_('end'), once_('close')])
      heard.abort()
      continue
    }
    seen = Buffer.concat([seen, chunk])
    const at = seen.indexOf(mark)
    if (at < 0) continue
    const rest = seen.subarray(at + mark.length)
    if (rest.length > 0) output.unshift(rest)
    return true
  }
  return false
}

function signalName(number: number): string {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? String(number)
}
