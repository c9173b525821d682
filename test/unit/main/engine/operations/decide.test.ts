import { expect, test } from 'vitest'
import { type Decision, decide, type Situation } from '../../../../../src/main/engine/operations/decide.ts'
import type { OperationStep } from '../../../../../src/shared/model/operation.ts'

const ERROR = { code: 'step-bug', params: { step: 'b' } }

/** `ok+undo`, `in_doubt:partial/undo-only`, `pending!`: state, what a look found, nature, undoable, point of no return. */
function stepOf(id: string, text: string): OperationStep {
  const [, state = '', found, nature = 'restartable'] =
    /^([a-z_]+)(?::([a-z-]+))?(?:\/([a-z-]+))?/.exec(text) ?? []
  return {
    id,
    nature: nature as OperationStep['nature'],
    undoable: text.includes('+undo'),
    changes: !text.includes('?'),
    pointOfNoReturn: text.includes('!'),
    state: state as OperationStep['state'],
    inspected: (found as OperationStep['inspected'] | undefined) ?? null,
    startedAt: null,
    endedAt: null,
    ranMs: null,
    undoMs: null,
    underWay: null,
    error: state === 'failed' ? ERROR : null,
  }
}

interface Row {
  readonly steps: readonly string[]
  readonly heading?: Situation['record']['heading']
  readonly wish?: Situation['wish']
  readonly onFailure?: Situation['onFailure']
  readonly undo?: Situation['record']['undo']
  readonly becomes: string
}

const ROWS: Record<string, Row> = {
  'begins with the first step': { steps: ['pending', 'pending'], becomes: 'run a' },
  'goes on with the next': { steps: ['succeeded', 'pending'], becomes: 'run b' },
  'leaves out what was skipped': { steps: ['skipped', 'pending'], becomes: 'run b' },
  'is done when all are': { steps: ['succeeded', 'skipped'], becomes: 'end succeeded' },
  'looks before it takes up what is in doubt': { steps: ['succeeded', 'in_doubt'], becomes: 'inspect b' },
  'looks before it goes on past something that was running': { steps: ['running'], becomes: 'inspect a' },
  'takes up what was done in part': { steps: ['in_doubt:partial/resumable'], becomes: 'run a' },
  'begins again what was done in part': { steps: ['in_doubt:partial/restartable'], becomes: 'run a' },
  'asks about what was done in part and cannot be begun again': {
    steps: ['in_doubt:partial/undo-only+undo'],
    becomes: 'interrupt asks-partial a',
  },
  'asks where somebody else was there': { steps: ['in_doubt:foreign'], becomes: 'interrupt asks-foreign a' },
  'looks at what failed': { steps: ['failed'], becomes: 'inspect a' },
  'turns back where something is to be taken back': {
    steps: ['succeeded+undo', 'failed:not-done'],
    becomes: 'turn failed',
  },
  'takes back also what failed in part': { steps: ['failed:partial+undo'], becomes: 'turn failed' },
  'has failed where there is nothing to take back': {
    steps: ['succeeded?', 'failed:not-done'],
    becomes: 'end failed step-bug',
  },
  'leaves what was done to a person, where the kind says so': {
    steps: ['succeeded+undo', 'failed:not-done'],
    onFailure: 'stay',
    becomes: 'end failed step-bug',
  },
  'does not turn back past the point of no return': {
    steps: ['succeeded+undo', 'succeeded!', 'failed:not-done'],
    becomes: 'end failed step-bug',
  },
  'pauses between steps': { steps: ['succeeded', 'pending'], wish: 'pause', becomes: 'pause' },
  'pauses before it looks': { steps: ['in_doubt'], wish: 'pause', becomes: 'pause' },
  'is done, though it was to pause': { steps: ['succeeded'], wish: 'pause', becomes: 'end succeeded' },
  'turns back when it is given up': {
    steps: ['succeeded+undo', 'pending'],
    wish: 'cancel',
    becomes: 'turn cancelled',
  },
  'is not given up past the point of no return': {
    steps: ['succeeded!', 'pending'],
    wish: 'cancel',
    becomes: 'run b',
  },
  'stops where it is, whatever it was at': {
    steps: ['succeeded+undo', 'failed'],
    wish: 'halt',
    becomes: 'interrupt',
  },

  'takes back the last first': {
    steps: ['succeeded+undo', 'succeeded+undo', 'pending'],
    heading: 'undone',
    becomes: 'undo b',
  },
  'looks on the way back at what is in doubt': {
    steps: ['succeeded+undo', 'in_doubt+undo'],
    heading: 'cancelled',
    becomes: 'inspect b',
  },
  'takes back what was done in part': {
    steps: ['succeeded+undo', 'in_doubt:partial+undo'],
    heading: 'cancelled',
    becomes: 'undo b',
  },
  'passes by what was not done': {
    steps: ['succeeded+undo', 'failed:not-done+undo'],
    heading: 'failed',
    becomes: 'undo a',
  },
  'passes by what changed nothing': {
    steps: ['succeeded+undo', 'succeeded?'],
    heading: 'undone',
    becomes: 'undo a',
  },
  'does not take back what stands below something that stays': {
    steps: ['succeeded+undo', 'succeeded'],
    heading: 'failed',
    becomes: 'end failed step-bug',
  },
  'asks before it takes back somebody else’s work': {
    steps: ['in_doubt:foreign+undo'],
    heading: 'undone',
    becomes: 'interrupt asks-foreign a',
  },
  'leaves somebody else’s work where it is given up': {
    steps: ['succeeded+undo', 'in_doubt:foreign+undo'],
    heading: 'cancelled',
    becomes: 'undo a',
  },
  'is undone when all is taken back': {
    steps: ['undone', 'pending'],
    heading: 'undone',
    becomes: 'end undone',
  },
  'is cancelled when all is taken back': {
    steps: ['undone'],
    heading: 'cancelled',
    becomes: 'end cancelled',
  },
  'has failed, and says why, when all is taken back': {
    steps: ['undone', 'undone'],
    heading: 'failed',
    becomes: 'end failed step-bug',
  },
  'looks at what could not be taken back': {
    steps: ['succeeded+undo', 'failed+undo'],
    heading: 'undone',
    undo: 'failed',
    becomes: 'inspect b',
  },
  'has failed where taking back did': {
    steps: ['succeeded+undo', 'failed:done+undo'],
    heading: 'undone',
    undo: 'failed',
    becomes: 'end failed step-bug',
  },
}

test.each(Object.entries(ROWS))('%s', (_, row) => {
  const steps = row.steps.map((text, index) => stepOf('abc'[index] ?? '?', text))
  const { heading = 'forward', undo = 'none', wish = 'go', onFailure = 'undo' } = row
  const decision = decide({ record: { heading, steps, error: ERROR, undo }, wish, onFailure })
  expect(inWords(decision)).toBe(row.becomes)
})

function inWords(decision: Decision): string {
  const error = 'error' in decision ? decision.error : null
  const code = error !== null && 'code' in error ? error.code : null
  const parts = [
    decision.do,
    'step' in decision && decision.step,
    'heading' in decision && decision.heading,
    'state' in decision && decision.state,
    code,
    decision.do === 'interrupt' && error !== null && 'code' in error && error.params.step,
  ]
  return parts.filter((part) => part !== null && part !== false).join(' ')
}
