/** What a program that runs over SSH says, within a bound, and how it is got rid of. */
import type { ClientChannel } from 'ssh2'
import type { ExecAnswer, ReachError } from '../reach.ts'

/** Reads a program's output up to a bound; one that goes on beyond it is cut off. */
export function collect(
  channel: ClientChannel,
  maxBytes: number,
  lost: () => ReachError,
): Promise<ExecAnswer> {
  const outcome = Promise.withResolvers<ExecAnswer>()
  const out = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
  let kept = 0
  let code: number | null = null
  let exited = false
  let full = false

  function answer(): ExecAnswer {
    const output = Buffer.concat(out.stdout)
    return {
      code,
      output,
      stdout: output.toString('utf8'),
      stderr: Buffer.concat(out.stderr).toString('utf8'),
    }
  }

  function keep(into: Buffer[], chunk: Buffer): void {
    if (full) return
    const rest = maxBytes - kept
    into.push(chunk.subarray(0, rest))
    kept += Math.min(rest, chunk.length)
    if (chunk.length > rest) {
      full = true
      discard(channel)
      outcome.resolve(answer())
    }
  }

  channel.on('data', (chunk: Buffer) => keep(out.stdout, chunk))
  channel.stderr.on('data', (chunk: Buffer) => keep(out.stderr, chunk))
  channel.on('exit', (status: number | null) => {
    exited = true
    code = status
  })
  channel.on('close', () => {
    if (exited) outcome.resolve(answer())
    else outcome.reject(lost())
  })
  channel.end()
  return outcome.promise
}

/** Closes a channel that nobody reads any more, and the program behind it. */
export function discard(channel: ClientChannel): void {
  channel.on('error', () => {})
  if (channel.type === 'session') channel.signal('KILL')
  channel.resume()
  channel.stderr.resume()
  channel.destroy()
}
