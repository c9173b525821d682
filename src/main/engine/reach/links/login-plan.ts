/**
 * What to show an SSH server next, in ssh's order: keys, answers to its questions, the password; each once, and fewer than
 * it punishes. Pure.
 */

/** sshd ends the connection at the sixth failure by default (MaxAuthTries), which fail2ban and the like count. */
export const FAILURES_AT_MOST = 5

export interface LoginWays {
  /** In the order in which they are offered; `configured`: named, not merely held by the agent. */
  readonly keys: readonly { readonly configured: boolean }[]
  readonly password: boolean
  readonly interactive: boolean
}

export interface LoginSoFar {
  /** What the server takes, as it said last. */
  readonly methods: readonly string[]
  readonly keysTried: number
  readonly passwordTried: boolean
  readonly questionsTried: boolean
  /** Attempts that the server refused. */
  readonly failures: number
}

export type LoginStep =
  | { readonly kind: 'key'; readonly index: number }
  | { readonly kind: 'questions' }
  | { readonly kind: 'password' }
  /** The server takes a password, and only a person knows it. */
  | { readonly kind: 'ask-password' }
  /** `keysLeft`: how many were not offered, so that the server does not lock us out. */
  | { readonly kind: 'give-up'; readonly keysLeft: number }

export function nextStep(ways: LoginWays, soFar: LoginSoFar): LoginStep {
  const { methods, keysTried, passwordTried, questionsTried, failures } = soFar
  const left = FAILURES_AT_MOST - failures
  const takesKeys = methods.includes('publickey')
  const password = ways.password && !passwordTried
  const takesQuestions = methods.includes('keyboard-interactive') && !questionsTried
  const takesPassword = methods.includes('password')
  // A password may also be the answer to a question, which is another attempt of the same.
  const others =
    (takesQuestions && (ways.interactive || password)) || (takesPassword && (password || ways.interactive))
      ? 1
      : 0

  if (takesKeys && left > 0) {
    for (let index = keysTried; index < ways.keys.length; index += 1) {
      if (ways.keys[index]?.configured === true) {
        if (left > others || others === 0) return { kind: 'key', index }
        continue
      }
      // What the agent merely has leaves room for what was named.
      const named = ways.keys.slice(index + 1).filter(({ configured }) => configured).length
      if (left > named + others) return { kind: 'key', index }
    }
  }
  if (left > 0) {
    if (takesQuestions && ways.interactive) return { kind: 'questions' }
    if (takesPassword && password) return { kind: 'password' }
    if (takesQuestions && password) return { kind: 'questions' }
    if (takesPassword && ways.interactive && !ways.password && !questionsTried)
      return { kind: 'ask-password' }
  }
  return { kind: 'give-up', keysLeft: takesKeys ? ways.keys.length - keysTried : 0 }
}
