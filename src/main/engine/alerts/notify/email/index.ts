/** E-mail over SMTP: text and HTML, with an id that stays the same, in one thread for each incident. */
import type { Deliver } from '../channel.ts'
import { type Message, plainText } from '../message.ts'
import { htmlOf } from './html.ts'
import type { Mail } from './transport.ts'

export const deliverEmail: Deliver<'email'> = (message, settings, { mail, secrets }, signal) =>
  mail(mailOf(message, settings), settings, secrets, signal)

/** Most clients fold a thread by these three headers, and a server drops a message that it has by the first. */
function mailOf(message: Message, { name, from, to }: { name: string; from: string; to: string[] }): Mail {
  const domain = from.slice(from.lastIndexOf('@') + 1)
  const thread = `<${idPart(message.incident)}.incident.${name}@${domain}>`
  const isUrgent = message.severity === 'EMERGENCY' && message.kind !== 'resolved' && message.kind !== 'test'
  return {
    ...{ from, to },
    subject: message.title,
    text: `${message.title}\n\n${plainText(message)}\n`,
    html: htmlOf(message),
    messageId: `<${idPart(message.id)}.${name}@${domain}>`,
    inReplyTo: thread,
    references: thread,
    headers: {
      // No out-of-office notes come back (RFC 3834).
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'X-Vakhta-Incident': idPart(message.incident),
      ...(isUrgent ? { Importance: 'high', 'X-Priority': '1 (Highest)' } : {}),
    },
  }
}

/** What may stand before the `@` of an id (RFC 5322, section 3.6.4). */
function idPart(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replaceAll(/^[.-]+|[.-]+$/g, '')
}
