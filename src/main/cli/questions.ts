/** Puts what servers ask while logging in (one-time codes) to the person at the terminal, one question after the other. */
import { createGate } from '../engine/reach/gate.ts'
import { type Questions, Unanswered } from '../engine/reach/questions.ts'
import { askLine } from './ask.ts'
import { Interrupted, say, type Terminal } from './terminal.ts'

/** Declines at once where there is no terminal: a script is not left waiting. */
export function terminalQuestions(terminal: Terminal): Pick<Questions, 'ask'> {
  const turn = createGate(1)
  return {
    ask: ({ hop, instruction, fields }, signal) =>
      turn.pass(signal, async () => {
        const either = AbortSignal.any([signal, terminal.signal])
        const answers: string[] = []
        // What it says is the server's own: whoever reads must not take it for ours.
        say(terminal, `  ${hop} asks${instruction === '' ? ':' : `: "${instruction}"`}`)
        for (const { label, secret } of fields) {
          const keyboard = terminal.keyboard()
          if (keyboard === null) throw new Unanswered('nobody')
          const question = { question: `    ${label} `, hidden: secret }
          answers.push(await askLine(terminal, keyboard, question, either).catch(passOn))
        }
        return answers
      }),
  }
}

/** Ctrl-C at a question stops the whole command, as it does everywhere else. */
function passOn(error: unknown): never {
  if (error instanceof Interrupted) process.kill(process.pid, error.by)
  throw error
}
