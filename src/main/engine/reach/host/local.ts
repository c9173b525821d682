/** Runs programs on the machine that Vakhta runs on. */
import { execFile } from 'node:child_process'
import type { Clock } from '../../clock.ts'
import { within } from '../deadline.ts'
import { errorCode, errorWords, failed, type Place } from '../failed.ts'
import type { ExecAnswer, HostSession } from '../reach.ts'

export function createLocalHost({ place, clock }: { place: Place; clock: Clock }): HostSession {
  return {
    run(argv, limits) {
      const [program, ...args] = argv
      if (program === undefined) throw new TypeError('a program is needed')
      const late = () =>
        failed(place, 'protocol', 'command-slow', { command: program, seconds: limits.timeoutMs / 1_000 })
      return within(clock, limits, late, (signal) => {
        const outcome = Promise.withResolvers<ExecAnswer>()
        const options = {
          signal,
          maxBuffer: limits.maxBytes,
          killSignal: 'SIGKILL' as const,
          encoding: 'buffer' as const,
        }
        execFile(program, args, options, (error, output, errors) => {
          const code = errorCode(error)
          const answer = (exit: number | null, stderr = errors.toString('utf8')): void =>
            outcome.resolve({ code: exit, output, stdout: output.toString('utf8'), stderr })
          if (error === null) answer(0)
          else if (typeof error.code === 'number') answer(error.code)
          // As a shell answers, so that a missing program is the same thing here and over SSH.
          else if (code === 'ENOENT') answer(127, `${program}: not found`)
          else if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') answer(null)
          else if (error.killed === true || error.signal != null) answer(null)
          else
            outcome.reject(
              failed(
                place,
                'protocol',
                'command-failed',
                { command: program, words: errorWords(error) },
                error,
              ),
            )
        })
        return outcome.promise
      })
    },
  }
}
