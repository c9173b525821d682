/** One login at an SSH server: shows what `login-plan.ts` says, puts its questions to people, and tells why it came to nothing. */
import type { AnyAuthMethod, AuthHandlerMiddleware, Client } from 'ssh2'
import { errorWords, failed, type Place } from '../failed.ts'
import { Unanswered } from '../questions.ts'
import type { ReachError } from '../reach.ts'
import { needSecret } from '../secret.ts'
import type { HopDependencies } from './hop.ts'
import { type Identity, readIdentities } from './identities.ts'
import { nextStep } from './login-plan.ts'
import type { Patience } from './patience.ts'
import { type AskedQuestion, asksForPassword, type Prompt, questionOf, shown } from './prompts.ts'
import { createPublicKeyLogin, type PublicKeyLogin } from './public-key-login.ts'
import { refusalOf } from './refusal.ts'
import type { SshStop } from './stop.ts'

const STEP = 'ssh-authentication'
/** Rounds of questions in one login. */
const MOST_ROUNDS = 10
/** Disconnect reasons of RFC 4253, section 11.1, that say "no more attempts". */
const TOO_MANY_ATTEMPTS: ReadonlySet<unknown> = new Set([2, 14])

/** What there is to log in with. */
export interface Credentials {
  readonly identities: readonly Identity[]
  readonly password: string | null
  /** Why some keys are not among them, the first that would have been offered first. */
  readonly passedOver: readonly ReachError[]
}

export interface Login {
  readonly authHandler: AuthHandlerMiddleware
  /** Hears what the server says aside; to be called once the client was told to connect. */
  attach(client: Client): void
  /** Whether a person answered something: nobody is to be asked again by itself. */
  hasAnswer(): boolean
  /** Why the login came to nothing, of what the client told. */
  explain(error: unknown): ReachError
}

/**
 * @param signal aborts when the login is over, however it ended
 * @param fail ends the login
 */
export function createLogin(options: {
  readonly stop: SshStop
  readonly place: Place
  readonly credentials: Credentials
  readonly questions: HopDependencies['questions']
  readonly patience: Patience
  readonly signal: AbortSignal
  readonly fail: (why: ReachError) => void
}): Login {
  const { stop, place, credentials, questions, patience, signal, fail } = options
  const { host, user } = stop
  const ways = {
    methods: stop.methods,
    keys: credentials.identities,
    password: credentials.password !== null,
    interactive: stop.interactive,
  }
  let publicKeys: PublicKeyLogin | null = null
  /** `null` before the server said what it takes. */
  let methods: readonly string[] | null = null
  let keysTried = 0
  let passwordTried = false
  let questionsTried = false
  let asked = false
  let failures = 0
  /** How much had been offered when the server said that it is not enough yet; `null`: it never did. */
  let takenBefore: number | null = null
  let underWay = false
  let rounds = 0
  let fieldsAsked = 0
  let answered = false
  let open: string | null = null
  /** Something was shown that the server may believe, and it has not said so yet. */
  let proved = false
  let lastWords: string | null = null
  /** What the server was told, and may repeat. */
  const secrets: string[] = credentials.password === null ? [] : [credentials.password]
  const offered: string[] = []

  function spoken(text: string): string {
    return shown(text, 200, secrets)
  }

  function refusal(): ReachError {
    const isHalfWay = takenBefore === offered.length
    return refusalOf({ host, user, credentials, methods, offered, keysTried, isHalfWay }, place)
  }

  /** `ask`: only a person knows what comes next. */
  function advance(): AnyAuthMethod | 'ask' | null {
    for (;;) {
      const soFar = { methods: methods ?? [], keysTried, passwordTried, questionsTried, asked, failures }
      const step = nextStep(ways, soFar)
      switch (step.kind) {
        case 'give-up':
          return null
        case 'ask-password':
          return 'ask'
        case 'key': {
          const identity = ways.keys[step.index]
          keysTried = step.index + 1
          const method = identity && publicKeys?.method(identity)
          if (identity === undefined || method == null) continue
          offered.push(identity.label)
          return method
        }
        case 'questions':
          questionsTried = true
          offered.push('keyboard-interactive')
          return { type: 'keyboard-interactive', username: user, prompt: onPrompt }
        case 'password':
          passwordTried = true
          proved = true
          offered.push('password')
          return { type: 'password', username: user, password: credentials.password ?? '' }
      }
    }
  }

  const authHandler: AuthHandlerMiddleware = (left, partial, next) => {
    if (signal.aborted) return
    // It does not wait for the answer any more.
    if (open !== null) return fail(unanswered(open))
    patience.restart()
    proved = false
    if (Array.isArray(left)) methods = left.map((name) => shown(String(name), 40)).slice(0, 10)
    if (partial === true) takenBefore = offered.length
    // The first of all asks what the server takes: it counts for no attempt, and some need no more (RFC 4252, 5.2).
    if (!underWay) {
      underWay = true
      next({ type: 'none', username: user })
      return
    }
    if (offered.length > 0 && partial !== true) failures += 1
    const method = advance()
    if (method === 'ask') void askPassword(next)
    else if (method !== null) next(method)
    // ssh2 ends with "all methods failed" on `false`, which its types leave out.
    else next(false as never)
  }

  async function askPassword(next: (method: AnyAuthMethod) => void): Promise<void> {
    passwordTried = true
    questionsTried = true
    asked = true
    const label = 'Password:'
    const triedBefore = offered.length > 0 || credentials.passedOver.length > 0
    // What was tried in vain says more than that nobody knew what else to show.
    const answers = await ask(
      { instruction: '', fields: [{ label, secret: true }] },
      triedBefore ? refusal : unanswered,
    )
    if (answers === null) return
    offered.push('password')
    reply(() => next({ type: 'password', username: user, password: answers[0] ?? '' }))
  }

  /** Answers after a while: the server may have gone meanwhile, of which the client tells by itself. */
  function reply(send: () => void): void {
    proved = true
    try {
      send()
    } catch (error) {
      fail(explain(error))
    }
  }

  function onPrompt(
    name: string,
    instructions: string,
    _language: string,
    prompts: Prompt[],
    finish: (answers: string[]) => void,
  ): void {
    if (signal.aborted) return
    patience.restart()
    rounds += 1
    fieldsAsked += prompts.length
    asked = true
    const question = questionOf(name, instructions, prompts, secrets)
    // One question at a time: the next may depend on the answer, and people see each.
    if (question === null || rounds > MOST_ROUNDS || open !== null) {
      fail(failed(place, STEP, 'ssh-question-unreasonable', { host, user, count: fieldsAsked }))
      return
    }
    if (credentials.password !== null && !passwordTried && asksForPassword(question)) {
      passwordTried = true
      proved = true
      finish([credentials.password])
      return
    }
    void ask(question).then((answers) => {
      if (answers !== null) reply(() => finish([...answers]))
    })
  }

  /** `null` where the login ended over it. */
  async function ask(put: AskedQuestion, whenNobodyAnswers = unanswered): Promise<readonly string[] | null> {
    const question = put.fields
      .map(({ label }) => label)
      .join(' ')
      .slice(0, 200)
    if (!stop.interactive) {
      const taken = `keyboard-interactive "${question}"`
      fail(failed(place, STEP, 'ssh-second-factor', { host, user, methods: taken }))
      return null
    }
    patience.pause()
    open = question
    try {
      const answers = await questions.ask({ hop: place.hop, ...put }, signal)
      if (signal.aborted) return null
      answered = true
      open = null
      secrets.push(...answers.filter((_, index) => put.fields[index]?.secret === true))
      patience.restart()
      return answers
    } catch (error) {
      if (signal.aborted) return null
      fail(
        error instanceof Unanswered
          ? whenNobodyAnswers(question)
          : failed(place, STEP, 'ssh-question-broken-off', { host, user, words: errorWords(error) }, error),
      )
      return null
    }
  }

  function unanswered(question: string): ReachError {
    return failed(place, STEP, 'ssh-question-unanswered', { host, user, question })
  }

  function explain(error: unknown): ReachError {
    const words = errorWords(error)
    if (property(error, 'level') === 'client-authentication') return refusal()
    if (open !== null) return unanswered(open)
    if (TOO_MANY_ATTEMPTS.has(property(error, 'code'))) {
      return failed(place, STEP, 'ssh-too-many-attempts', { host, user, words: spoken(words) })
    }
    if (proved && lastWords !== null && lastWords !== '') {
      return failed(place, STEP, 'ssh-account-refused', { host, user, words: lastWords })
    }
    const code = answered ? 'ssh-question-broken-off' : 'ssh-closed-at-login'
    return failed(place, STEP, code, { host, user, words: spoken(words) }, error)
  }

  return {
    authHandler,
    attach(client) {
      publicKeys = createPublicKeyLogin(client, user, signal, () => {
        proved = true
      })
      client.on('banner', (message) => {
        // What is said after a proof is why it does not help; before, it is the same for everybody.
        if (proved) lastWords = spoken(message)
      })
      client.on('change password', (prompt) => {
        const words = spoken(prompt)
        fail(failed(place, STEP, 'ssh-password-expired', { host, user, words }))
      })
    },
    hasAnswer: () => answered,
    explain,
  }
}

/** Throws a `ReachError` before anything is dialled, where there is no use in it. */
export async function readCredentials(
  stop: SshStop,
  place: Place,
  dependencies: Pick<HopDependencies, 'resolveSecret' | 'clock' | 'machine'>,
  signal: AbortSignal,
): Promise<Credentials> {
  const { offers, passedOver } = await readIdentities(stop, place, dependencies, signal)
  const password =
    stop.password === null ? null : await needSecret(dependencies.resolveSecret, stop.password, place, STEP)
  const [why] = passedOver
  if (offers.length === 0 && password === null && !stop.interactive && why !== undefined) throw why
  return { identities: offers, password, passedOver }
}

function property(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined
}
