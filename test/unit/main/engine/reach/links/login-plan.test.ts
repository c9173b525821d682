import { describe, expect, it } from 'vitest'
import {
  FAILURES_AT_MOST,
  LOGIN_METHODS,
  type LoginSoFar,
  type LoginStep,
  type LoginWays,
  nextStep,
} from '../../../../../../src/main/engine/reach/links/login-plan.ts'

const ALL = LOGIN_METHODS
const begun: LoginSoFar = {
  methods: ALL,
  keysTried: 0,
  passwordTried: false,
  questionsTried: false,
  asked: false,
  failures: 0,
}
const keys = (configured: number, others = 0) => [
  ...Array.from({ length: others }, () => ({ configured: false })),
  ...Array.from({ length: configured }, () => ({ configured: true })),
]
const ways = (changes: Partial<LoginWays>): LoginWays => ({
  methods: LOGIN_METHODS,
  keys: [],
  password: false,
  interactive: false,
  ...changes,
})

/** All steps of a login that a server refuses, with what it goes on taking. */
function walk(plan: LoginWays, methods: readonly string[] = ALL, asks = true): string[] {
  const told: string[] = []
  let soFar: LoginSoFar = { ...begun, methods }
  for (;;) {
    const step: LoginStep = nextStep(plan, soFar)
    told.push(step.kind === 'key' ? `key ${step.index}` : step.kind)
    if (step.kind === 'give-up') return told
    soFar = {
      ...soFar,
      failures: soFar.failures + 1,
      keysTried: step.kind === 'key' ? step.index + 1 : soFar.keysTried,
      // A question is answered with the password where there is one.
      passwordTried: soFar.passwordTried || (step.kind !== 'key' && (asks || step.kind !== 'questions')),
      asked: soFar.asked || (step.kind === 'questions' && asks) || step.kind === 'ask-password',
      questionsTried: soFar.questionsTried || step.kind === 'questions' || step.kind === 'ask-password',
    }
  }
}

describe('what an SSH server is shown', () => {
  it.each([
    ['keys in turn', ways({ keys: keys(2) }), ALL, ['key 0', 'key 1', 'give-up']],
    [
      'no key where it takes none',
      ways({ keys: keys(2), password: true }),
      ['password'],
      ['password', 'give-up'],
    ],
    ['the password, in the way that is its own', ways({ password: true }), ALL, ['password', 'give-up']],
    [
      'the password as an answer where it takes it in no other way',
      ways({ password: true }),
      ['keyboard-interactive'],
      ['questions', 'give-up'],
    ],
    [
      'nothing where it takes nothing that there is',
      ways({ keys: keys(1) }),
      ['gssapi-with-mic'],
      ['give-up'],
    ],
    [
      'its questions before the password, which is shown once',
      ways({ password: true, interactive: true }),
      ALL,
      ['questions', 'give-up'],
    ],
    [
      'a person asked for the password',
      ways({ interactive: true }),
      ['password'],
      ['ask-password', 'give-up'],
    ],
    ['a person asked once, in one way', ways({ interactive: true }), ALL, ['questions', 'give-up']],
    [
      'keys, then questions',
      ways({ keys: keys(1), interactive: true }),
      ['publickey', 'keyboard-interactive'],
      ['key 0', 'questions', 'give-up'],
    ],
  ])('is %s', (_what, plan, methods, steps) => {
    expect(walk(plan, methods)).toEqual(steps)
  })

  it('is the password after questions that never came', () => {
    expect(walk(ways({ interactive: true }), ALL, false)).toEqual(['questions', 'ask-password', 'give-up'])
    expect(walk(ways({ interactive: true, password: true }), ALL, false)).toEqual([
      'questions',
      'password',
      'give-up',
    ])
  })

  it.each([
    ['many keys', ways({ keys: keys(20) })],
    ["many of the agent's keys", ways({ keys: keys(0, 20) })],
    [
      'keys of both kinds, and everything else',
      ways({ keys: keys(3, 20), password: true, interactive: true }),
    ],
  ])('is never more than it punishes: %s', (_what, plan) => {
    expect(walk(plan)).toHaveLength(FAILURES_AT_MOST + 1)
  })

  it("leaves room for what was named among the agent's keys", () => {
    expect(walk(ways({ keys: keys(1, 20), password: true }))).toEqual([
      'key 0',
      'key 1',
      'key 2',
      'key 20',
      'password',
      'give-up',
    ])
    expect(walk(ways({ keys: keys(20), password: true })).slice(-2)).toEqual(['password', 'give-up'])
  })

  it.each<[string, LoginWays, string[]]>([
    [
      'the password first, then keys',
      ways({ methods: ['password', 'publickey'], keys: keys(1), password: true, interactive: true }),
      ['password', 'key 0', 'give-up'],
    ],
    [
      'a person asked for the password before keys',
      ways({ methods: ['password', 'keyboard-interactive', 'publickey'], keys: keys(1), interactive: true }),
      ['ask-password', 'key 0', 'give-up'],
    ],
    [
      'questions, then keys, and never the password',
      ways({ methods: ['keyboard-interactive', 'publickey'], keys: keys(1), interactive: true }),
      ['questions', 'key 0', 'give-up'],
    ],
    [
      'the password as an answer where it may be shown in no other way',
      ways({ methods: ['keyboard-interactive'], password: true }),
      ['questions', 'give-up'],
    ],
    ['nothing where nothing is preferred', ways({ methods: [], keys: keys(1), password: true }), ['give-up']],
  ])('is what is preferred: %s', (_what, plan, steps) => {
    expect(walk(plan)).toEqual(steps)
  })
})
