/** A program at the end of a chain that is heard and spoken to for as long as it runs. */
import type { Readable } from 'node:stream'
import type { ClientChannel } from 'ssh2'
import { channelWire } from './channel-wire.ts'

export interface StartedProgram {
  /** Its standard output. Destroyed, the program is left by everybody: its input is at its end, too. */
  readonly output: Readable
  readonly errors: Readable
  /** Gives it a piece of its input; `false`: it takes no more. What it wrote is there to be read all the same. */
  write(piece: Buffer): Promise<boolean>
  /** Its input is at its end. */
  end(): void
  /** Its exit code or the signal that ended it, as the far side told; `null` for both: the way was cut before. Never rejects. */
  readonly exit: Promise<{ readonly code: number | null; readonly signal: string | null }>
}

/** @param channel heard by nobody else */
export function startedProgram(channel: ClientChannel): StartedProgram {
  const exit = Promise.withResolvers<{ code: number | null; signal: string | null }>()
  const waiting = new Set<(taken: boolean) => void>()
  let how: { code: number | null; signal: string | null } = { code: null, signal: null }
  let isOpen = true
  channel.on('exit', (code: number | null, signal?: string) => {
    how = { code, signal: signal === undefined ? null : `SIG${signal}` }
  })
  channel.on('close', () => {
    isOpen = false
    for (const tell of waiting) tell(false)
    waiting.clear()
    exit.resolve(how)
  })
  return {
    ...{ output: channelWire(channel), errors: channel.stderr, exit: exit.promise },
    async write(piece) {
      if (!isOpen || !channel.writable) return false
      const taken = Promise.withResolvers<boolean>()
      // A channel that closes never calls back for what it had not sent.
      waiting.add(taken.resolve)
      channel.write(piece, () => taken.resolve(true))
      try {
        return await taken.promise
      } finally {
        waiting.delete(taken.resolve)
      }
    },
    end() {
      if (isOpen) channel.end()
    },
  }
}
