/**
 * One person's question to one Redis server, on the connection that the probe looks over: commands one after the other or
 * a few at once, each bounded. What this user may not ask, or the server does not know, is missing by name.
 */
import { isFailure } from '#shared/model/failure.ts'
import type { Cost } from '#shared/model/observation.ts'
import type { RedisAnswer, RedisServerNode } from '#shared/model/redis-server.ts'
import type { Clock } from '../../clock.ts'
import { ReachError, type RedisNode } from '../../reach/reach.ts'

/** For each command: a person waits, and a server that takes longer is in no state to be asked more. */
const TIMEOUT_MS = 5_000

type Argument = string | number

export interface Asker {
  readonly clock: Clock
  readonly signal: AbortSignal
  /**
   * The answer, or `null` where it is missing.
   * @param command with its subcommand: `CLIENT LIST`
   * @throws ReachError where the server is not reached, or does not answer in time
   */
  ask(command: string, ...args: Argument[]): Promise<unknown>
  isMissing(command: string): boolean
  /** What goes with every answer. */
  frame(rows: number): RedisAnswer
}

export interface AskerOptions {
  readonly node: RedisNode
  readonly nodes: readonly RedisServerNode[]
  readonly clock: Clock
  readonly signal: AbortSignal
}

export function createAsker({ node, nodes, clock, signal }: AskerOptions): Asker {
  const startedAt = clock.monotonic()
  const missing = new Map<string, 'forbidden' | 'unknown'>()
  const rules = new Set<string>()
  let statement = ''
  let bytes = 0

  /** Whether an error says that this command is missing; else it is thrown on. */
  function note(error: unknown, command: string): boolean {
    if (!(error instanceof ReachError)) return false
    const { failure } = error
    if (isFailure(failure, 'redis-command-unknown')) {
      missing.set(command, 'unknown')
      return true
    }
    if (!isFailure(failure, 'redis-command-denied')) return false
    missing.set(command, 'forbidden')
    // `ACL SETUSER user +rule …`: whom it is about; what is to be allowed is known better here.
    const [acl = '', setuser = '', user = ''] = String(failure.params.grant ?? '').split(' ')
    statement = `${acl} ${setuser} ${user}`
    const isKey = /access.*key/i.test(String(failure.params.words ?? ''))
    rules.add(isKey ? '~*' : `+${command.toLowerCase().replace(' ', '|')}`)
    return true
  }

  return {
    clock,
    signal,
    async ask(command, ...args) {
      // Asked again it would be refused again, and each refusal is in the server's own record.
      if (missing.has(command)) return null
      const [name = '', ...subcommand] = command.split(' ')
      try {
        const answer = await node.command(name, [...subcommand, ...args], { signal, timeoutMs: TIMEOUT_MS })
        bytes += bytesOf(answer)
        return answer
      } catch (error) {
        if (note(error, command)) return null
        throw error
      }
    },
    isMissing: (command) => missing.has(command),
    frame(rows) {
      const cost: Cost = { ms: Math.round(clock.monotonic() - startedAt), rows, bytes }
      return {
        at: clock.now(),
        node: node.name,
        nodes: [...nodes],
        missing: [...missing].map(([command, why]) => ({ command, why })),
        grant: rules.size === 0 ? null : [statement, ...rules].join(' '),
        cost,
      }
    },
  }
}

/** What an answer takes, without the protocol around it. */
function bytesOf(answer: unknown): number {
  if (typeof answer === 'string') return Buffer.byteLength(answer)
  if (Array.isArray(answer)) return answer.reduce((sum: number, one) => sum + bytesOf(one), 0)
  return 8
}
