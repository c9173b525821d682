/** One mail over SMTP, on a connection of its own: dialled and encrypted as everything else is, spoken by nodemailer. */
import { isIP, type Socket } from 'node:net'
import { createTransport } from 'nodemailer'
import type { ChannelOf } from '#shared/model/channel.ts'
import type { Clock } from '../../../clock.ts'
import { within } from '../../../reach/deadline.ts'
import { failed, type Place } from '../../../reach/failed.ts'
import { secure } from '../../../reach/secure.ts'
import { type TlsTerms, tlsTerms } from '../../../reach/tls-terms.ts'
import type { Way, Wire } from '../../../reach/way.ts'
import type { Delivery } from '../channel.ts'
import type { SecretsInUse } from '../secrets-in-use.ts'
import { MAIL_TIMEOUT_MS, mailFailure } from './failure.ts'

const DIAL_TIMEOUT_MS = 10_000
/** A greeting, or an answer to one command. */
const MAX_RESPONSE_BYTES = 65_536

export interface Mail {
  readonly from: string
  readonly to: string[]
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly messageId: string
  readonly inReplyTo: string
  readonly references: string
  readonly headers: Record<string, string>
}

export type MailTransport = (
  mail: Mail,
  settings: ChannelOf<'email'>,
  secrets: SecretsInUse,
  signal: AbortSignal,
) => Promise<Delivery>

export interface MailDependencies {
  readonly way: Way
  readonly authorities: () => readonly string[]
  readonly clock: Clock
}

export function createMailTransport({ way, authorities, clock }: MailDependencies): MailTransport {
  return async (mail, settings, secrets, signal) => {
    const { host, port, encryption, user, password } = settings
    const place: Place = { hop: `SMTP ${host}:${port}`, on: 'target' }
    const terms = await termsOf(settings, secrets, place)
    const auth =
      user === undefined || password === undefined
        ? null
        : { user, pass: await secrets.need(password, place) }
    const late = () => failed(place, 'protocol', 'smtp-silent', { seconds: MAIL_TIMEOUT_MS / 1_000 })
    return within(clock, { signal, timeoutMs: MAIL_TIMEOUT_MS }, late, async (inner) => {
      const wire = await connected(settings, terms, place, inner)
      const onAbort = (): void => {
        wire.destroy()
      }
      inner.addEventListener('abort', onAbort, { once: true })
      const transport = createTransport({
        // A `Wire` of the direct way is a socket.
        connection: wire as Socket,
        ...{ host, port, secure: encryption === 'tls', secured: encryption === 'tls' },
        ...{ requireTLS: encryption === 'starttls', ignoreTLS: encryption === 'none' },
        ...(terms === null ? {} : { tls: tlsOptions(terms) }),
        ...(auth === null ? {} : { auth }),
        ...{
          greetingTimeout: MAIL_TIMEOUT_MS,
          socketTimeout: MAIL_TIMEOUT_MS,
          maxResponseSize: MAX_RESPONSE_BYTES,
        },
        ...{ disableFileAccess: true, disableUrlAccess: true, logger: false },
      })
      try {
        const sent = await transport.sendMail(mail)
        const rejected = sent.rejected.map((one) => secrets.shown(String(one)))
        const text = secrets.shown(sent.response)
        const words = secrets.shown(sent.rejectedErrors?.map(({ message }) => message).join('; ') ?? '')
        const failure =
          rejected.length === 0
            ? null
            : failed(place, 'protocol', 'smtp-recipients-refused', { recipients: rejected.join(', '), words })
                .failure
        const code = Number(/^\d{3}/.exec(sent.response)?.[0] ?? 250)
        return { status: 'delivered', code, text, failure, retryAfterMs: null }
      } catch (error) {
        inner.throwIfAborted()
        return mailFailure(error, { place, shown: secrets.shown, loggingIn: auth !== null })
      } finally {
        inner.removeEventListener('abort', onAbort)
        transport.close()
        wire.destroy()
      }
    })
  }

  async function connected(
    { host, port, encryption }: ChannelOf<'email'>,
    terms: TlsTerms | null,
    place: Place,
    signal: AbortSignal,
  ): Promise<Wire> {
    const limits = { signal, timeoutMs: DIAL_TIMEOUT_MS }
    const wire = await way.dial({ host, port }, place, limits)
    return encryption === 'tls' && terms !== null ? secure(wire, terms, place, clock, limits) : wire
  }

  async function termsOf(
    { host, tls, encryption }: ChannelOf<'email'>,
    secrets: SecretsInUse,
    place: Place,
  ): Promise<TlsTerms | null> {
    if (encryption === 'none') return null
    return tlsTerms(tls, { host, check: tls?.check ?? 'full', authorities }, secrets.resolve, place)
  }
}

/** What Node takes, for the connection that is encrypted on the way. */
function tlsOptions({ serverName, check, authorities, identity }: TlsTerms) {
  return {
    ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
    ca: [...authorities],
    rejectUnauthorized: check !== 'none',
    ...(check === 'ca' ? { checkServerIdentity: () => undefined } : {}),
    ...(identity === null
      ? {}
      : {
          cert: identity.certificate,
          key: identity.key,
          ...(identity.passphrase === null ? {} : { passphrase: identity.passphrase }),
        }),
  }
}
