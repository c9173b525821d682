/** E-mail against a real SMTP server: encrypted in every way, logged in to, busy, refusing, and not speaking SMTP at all. */
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { beforeAll, describe, expect, it } from 'vitest'
import { createAuthority, type Issued } from '../../../demo/servers/authority.ts'
import type { ChannelInput } from '../../../src/shared/model/channel.ts'
import { createHurriedClock } from '../../support/hurried-clock.ts'
import { alertOf } from '../../support/notification.ts'
import { plantSecrets } from '../../support/planted-secrets.ts'
import { until } from '../../support/until.ts'
import { afterwards, attempt } from './notify-kit.ts'

const PASSWORD = 'planted/of-the-mail+"ü'
const authority = createAuthority()
let issued: Issued
beforeAll(() => {
  issued = authority.issue({ names: ['127.0.0.1', 'localhost'] })
})

interface Mailbox {
  readonly port: number
  readonly mails: { from: string; to: string[]; raw: string; secure: boolean; user: string }[]
  readonly open: () => number
}

async function startMailServer(options: SMTPServerOptions = {}): Promise<Mailbox> {
  const mails: Mailbox['mails'] = []
  const server = new SMTPServer({
    ...{ key: issued.key, cert: issued.chain, authOptional: true, logger: false, disableReverseLookup: true },
    onAuth({ username, password }, _session, done) {
      if (username === 'vakhta' && password === PASSWORD) return done(null, { user: username })
      done(Object.assign(new Error(`5.7.8 no ${password} here`), { responseCode: 535 }))
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks).toString('utf8'),
          secure: session.secure,
          user: String(session.user ?? ''),
        })
        done(null, '2.0.0 queued as 4711')
      })
    },
    ...options,
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  afterwards(() => new Promise<void>((resolve) => server.close(() => resolve())))
  return { port: (server.server.address() as AddressInfo).port, mails, open: () => server.connections.size }
}

const mail = (port: number, rest = {}): ChannelInput & { kind: 'email' } => ({
  kind: 'email',
  name: 'mail',
  host: '127.0.0.1',
  port,
  encryption: 'none',
  from: 'vakhta@example.com',
  to: ['anna@example.com', 'boris@example.com'],
  ...rest,
})

const login = { user: 'vakhta', password: 'secret:mail', tls: { authorities: 'secret:ca' } }
const secrets = { mail: PASSWORD, ca: authority.certificate }

/** The unfolded headers, and each part decoded. */
function read(raw: string) {
  const [head = ''] = raw.split('\r\n\r\n', 1)
  const headers = Object.fromEntries(
    head
      .replaceAll(/\r\n[ \t]+/g, ' ')
      .split('\r\n')
      .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  )
  const boundary = /boundary="([^"]+)"/.exec(head)?.[1] ?? ''
  const parts = raw
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => {
      const [partHead = '', ...body] = part.split('\r\n\r\n')
      const text = body.join('\r\n\r\n')
      const decoded = /base64/i.test(partHead)
        ? Buffer.from(text, 'base64').toString('utf8')
        : /quoted-printable/i.test(partHead)
          ? Buffer.from(
              text
                .replaceAll(/=\r\n/g, '')
                .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) =>
                  String.fromCharCode(Number.parseInt(hex, 16)),
                ),
              'latin1',
            ).toString('utf8')
          : text
      return { type: /content-type: ([^;\r\n]+)/i.exec(partHead)?.[1], text: decoded }
    })
  return { headers, parts }
}

describe('a mail', () => {
  it('is text and HTML, with an id that stays, in the thread of its incident', async () => {
    const { port, mails } = await startMailServer()
    const settings = mail(port, { language: 'ru', timeZone: 'Europe/Moscow' })
    const delivered = await attempt(settings)
    expect(delivered).toMatchObject({
      status: 'delivered',
      code: 250,
      text: '250 2.0.0 queued as 4711',
      failure: null,
    })
    await attempt(settings)
    await attempt(settings, { notification: { id: 'n2', kind: 'resolved' } })
    expect(mails.map(({ from, to }) => [from, to])).toEqual(
      mails.map(() => ['vakhta@example.com', ['anna@example.com', 'boris@example.com']]),
    )
    const [first, again, last] = mails.map(({ raw }) => read(raw))
    expect(first?.headers).toMatchObject({
      'message-id': '<n1.mail@example.com>',
      references: '<i1.incident.mail@example.com>',
      'in-reply-to': '<i1.incident.mail@example.com>',
      'auto-submitted': 'auto-generated',
    })
    expect(again?.headers['message-id']).toBe(first?.headers['message-id'])
    expect(last?.headers['message-id']).toBe('<n2.mail@example.com>')
    expect(last?.headers.references).toBe(first?.headers.references)
    const [text, html] = first?.parts ?? []
    expect([text?.type, html?.type]).toEqual(['text/plain', 'text/html'])
    for (const part of [text, html]) {
      expect(part?.text).toContain('Критично · shop · ')
      expect(part?.text).toContain('https://vakhta.example.com/#/alerts/open/a1')
      expect(part?.text).toContain('28 нояб. 2026 г., 15:05:00 GMT+3')
    }
    expect(html?.text).toMatch(/^<!doctype html><html lang="ru">/)
  })

  it('holds what others wrote as text, never as HTML or as headers', async () => {
    const { port, mails } = await startMailServer()
    const reason = {
      code: 'host-cpu-high',
      params: { value: 95, limit: '<script>alert(1)</script>\r\nBcc: eve@example.com', host: 'x' },
    }
    await attempt(mail(port), {
      notification: { alerts: [alertOf({ reason, acknowledgedBy: '<b>"Eve"</b>' })] },
    })
    const { headers, parts } = read(mails[0]?.raw ?? '')
    expect(headers.bcc).toBeUndefined()
    expect(mails[0]?.to).toEqual(['anna@example.com', 'boris@example.com'])
    expect(parts[1]?.text).not.toMatch(/<script|<b>/)
    expect(parts[1]?.text).toContain('&lt;b&gt;&quot;Eve&quot;&lt;/b&gt;')
  })
})

describe('encryption', () => {
  it.each([
    ['starttls', { secure: false }],
    ['tls', { secure: true }],
  ] as const)('%s, logged in', async (encryption, options) => {
    const { port, mails, open } = await startMailServer({ ...options, authOptional: false })
    const settings = mail(port, { ...login, encryption })
    expect(await attempt(settings, { secrets })).toMatchObject({ status: 'delivered' })
    expect(mails).toMatchObject([{ secure: true, user: 'vakhta' }])
    await until(() => open() === 0)
    // Nobody vouches for that certificate without the authority.
    const strange = await attempt({ ...settings, tls: undefined }, { secrets })
    expect(strange).toMatchObject({ status: 'retry', failure: { step: 'tls' } })
    expect(mails).toHaveLength(1)
  })

  it('that was asked for and is not there sends nothing', async () => {
    const { port, mails } = await startMailServer({ disabledCommands: ['STARTTLS'] })
    const answer = await attempt(mail(port, { ...login, encryption: 'starttls' }), { secrets })
    expect(answer).toMatchObject({
      status: 'refused',
      failure: { code: 'smtp-without-starttls', step: 'tls' },
    })
    expect(mails).toHaveLength(0)
  })
})

describe('what the server says', () => {
  const reply = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode })

  it.each([
    [
      'a wrong password',
      { secret: 'wrong-password-here' },
      {},
      { status: 'refused', code: 535, failure: { code: 'smtp-credentials-refused' } },
    ],
    [
      'greylisting',
      {},
      { onRcptTo: (_a, _s, done) => done(reply(451, '4.7.1 come back in 5 minutes')) },
      { status: 'retry', code: 451, failure: { code: 'smtp-busy' } },
    ],
    [
      'no such mailbox',
      {},
      { onRcptTo: (_a, _s, done) => done(reply(550, '5.1.1 nobody here')) },
      { status: 'refused', code: 550, failure: { code: 'smtp-refused' } },
    ],
    [
      'a sender that it does not like',
      {},
      { onMailFrom: (_a, _s, done) => done(reply(553, '5.7.1 not you')) },
      { status: 'refused', code: 553, failure: { code: 'smtp-refused' } },
    ],
    [
      'a full disk',
      {},
      {
        onData: (stream, _s, done) => void stream.resume().on('end', () => done(reply(452, '4.3.1 no room'))),
      },
      { status: 'retry', code: 452, failure: { code: 'smtp-busy' } },
    ],
  ] as const satisfies readonly (readonly [string, { secret?: string }, SMTPServerOptions, object])[])(
    '%s',
    async (_what, { secret }: { secret?: string }, options, expected) => {
      const { port, mails } = await startMailServer(options)
      const held = secret === undefined ? secrets : { ...secrets, mail: secret }
      const answer = await attempt(mail(port, { ...login, encryption: 'starttls' }), { secrets: held })
      expect(answer).toMatchObject(expected)
      expect(mails).toHaveLength(0)
    },
  )

  it('of one recipient is told, and the others have the mail', async () => {
    const { port, mails } = await startMailServer({
      onRcptTo: ({ address }, _session, done) =>
        done(address.startsWith('boris') ? reply(550, '5.1.1 nobody here') : null),
    })
    const answer = await attempt(mail(port))
    expect(answer).toMatchObject({
      status: 'delivered',
      failure: { code: 'smtp-recipients-refused', params: { recipients: 'boris@example.com' } },
    })
    expect(mails[0]?.to).toEqual(['anna@example.com'])
  })

  it('is "later" where it hangs, breaks off, is not there, or is no mail server', async () => {
    const clock = createHurriedClock(60)
    const silent = createServer((socket) => void socket.on('error', () => {}))
    const breaking = createServer((socket) => void socket.on('error', () => {}).end('220 mx ESMTP\r\n'))
    const web = createServer((socket) =>
      socket.on('error', () => {}).write('HTTP/1.1 400 Bad Request\r\n\r\n'),
    )
    for (const server of [silent, breaking, web]) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      afterwards(() => server.close())
    }
    const portOf = (server: typeof silent) => (server.address() as AddressInfo).port
    expect(await attempt(mail(portOf(silent)), { clock })).toMatchObject({
      status: 'retry',
      failure: { code: 'smtp-silent' },
    })
    expect(await attempt(mail(portOf(breaking)))).toMatchObject({
      status: 'retry',
      failure: { code: 'smtp-cut' },
    })
    expect(await attempt(mail(portOf(web)))).toMatchObject({
      status: 'retry',
      failure: { code: 'smtp-not-spoken' },
    })
    const { port } = await startMailServer()
    const missing = await attempt(mail(port, login))
    expect(missing).toMatchObject({ status: 'retry', failure: { code: 'secret-missing' } })
  })
})

it('shows the password nowhere, though the server repeats it', async () => {
  const planted = plantSecrets()
  const wrong = planted.plant('mail')
  planted.plantValue('right', PASSWORD)
  const { port } = await startMailServer()
  const settings = mail(port, { ...login, encryption: 'starttls' })
  const answer = await attempt(settings, { secrets: { ...secrets, mail: wrong } })
  expect(answer.failure?.params.words).toContain('•••')
  expect(planted.findIn({ answer: JSON.stringify(answer) })).toEqual([])
})
