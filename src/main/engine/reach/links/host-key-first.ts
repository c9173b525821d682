/**
 * Nothing that a server says counts before its host key was taken. ssh2 (1.17) lets a server go on while its key is being
 * judged: it would believe one that says that we are logged in, and send it a password, not even encrypted.
 */
import type { Client } from 'ssh2'
import { protocolOf } from './ssh2-insides.ts'

/** Disconnecting, what is to be ignored, and extensions, which sshd sends right after its half of the key exchange. */
const MAY_COME_BEFORE: ReadonlySet<number | undefined> = new Set([1, 2, 3, 4, 7])

/** @param client one that was just told to connect, without compression, and has heard nothing yet */
export function wantHostKeyFirst(client: Client, isTaken: () => boolean): void {
  const protocol = protocolOf(client)
  const onPayload = protocol._onPayload
  protocol._onPayload = (payload) => {
    // Thrown where ssh2 reads: it ends the connection.
    if (!isTaken() && !MAY_COME_BEFORE.has(payload[0])) {
      throw new Error('the server goes on before its host key was judged')
    }
    return onPayload(payload)
  }
}
