/**
 * What to show an SSH server next: keys, answers to its questions, the password, in the order that is preferred; each once,
 * and fewer than it punishes. Pure.
 */

/** sshd ends the connection at the sixth failure by default (MaxAuthTries), which fail2ban and the like count. */
export const FAILURES_AT_MOST = 5

export type LoginMethod = 'publickey' | 'keyboard-interactive' | 'password'

/** In ssh's order. */
export const LOGIN_METHODS: readonly LoginMethod[] = ['publickey', 'keyboard-interactive', 'password']

export interface LoginWays {
  /** Which may be used at all, the preferred first. */
  readonly methods: readonly LoginMethod[]
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
  /** Whether a person was asked something, or the server was answered with the password: not that it may ask. */
  readonly asked: boolean
  /** Attempts that the server refused. */
  readonly failures: number
}

export type LoginStep =
  | { readonly kind: 'key'; readonly index: number }
  | { readonly kind: 'questions' }
  | { readonly kind: 'password' }
  /** The server takes a password, and only a person knows it. */
  | { readonly kind: 'ask-password' }
  | { readonly kind: 'give-up' }

export function nextStep(ways: LoginWays, soFar: LoginSoFar): LoginStep {
  const { keysTried, passwordTried, questionsTried, asked, failures } = soFar
  const left = FAILURES_AT_MOST - failures
  const methods = ways.methods.filter((method) => soFar.methods.includes(method))
  const password = ways.password && !passwordTried
  const takesQuestions = methods.includes('keyboard-interactive') && !questionsTried
  const takesPassword = methods.includes('password')
  // A password may also be the answer to a question, which is another attempt of the same.
  const others =
    (takesQuestions && (ways.interactive || password)) || (takesPassword && (password || ways.interactive))
      ? 1
      : 0

  function key(): LoginStep | null {
    for (let index = keysTried; index < ways.keys.length; index += 1) {
      if (ways.keys[index]?.configured === true) {
        if (left > others || others === 0) return { kind: 'key', index }
        continue
      }
      // What the agent merely has leaves room for what was named.
      const named = ways.keys.slice(index + 1).filter(({ configured }) => configured).length
      if (left > named + others) return { kind: 'key', index }
    }
    return null
  }

  function answers(): LoginStep | null {
    // Where nobody is asked a password is better shown in the way that is its own.
    const helps = ways.interactive || (password && !takesPassword)
    return takesQuestions && helps ? { kind: 'questions' } : null
  }

  function secret(): LoginStep | null {
    if (password) return { kind: 'password' }
    return ways.interactive && !ways.password && !asked ? { kind: 'ask-password' } : null
  }

  const steps: Record<LoginMethod, () => LoginStep | null> = {
    publickey: key,
    'keyboard-interactive': answers,
    password: secret,
  }
  if (left > 0) {
    for (const method of methods) {
      const step = steps[method]()
      if (step !== null) return step
    }
  }
  return { kind: 'give-up' }
}
