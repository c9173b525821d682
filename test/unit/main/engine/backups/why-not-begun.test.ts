import { expect, it } from 'vitest'
import { whyNotBegun } from '../../../../../src/main/engine/backups/why-not-begun.ts'
import { NotWatched } from '../../../../../src/main/engine/inspect/not-watched.ts'
import { OperationRefused, type Refused } from '../../../../../src/main/engine/operations/refused.ts'
import { createTranslator, operationText } from '../../../../../src/shared/locales/translate.ts'

const of = (refused: object) => new OperationRefused({ deployment: 'lab', ...refused } as unknown as Refused)
const guarded = (reason: string) => of({ kind: 'guard', reason, action: 'drill', role: 'OPERATOR' })

it.each([
  ['a deployment is read-only', guarded('deployment-read-only'), /^“lab” is read-only/, false],
  ['the console is read-only', guarded('console-read-only'), /^This console is read-only/, false],
  [
    'somebody would have to confirm it',
    of({ kind: 'confirm', reason: 'missing' }),
    /^On “lab” somebody has to confirm it/,
    false,
  ],
  ['it was edited meanwhile', of({ kind: 'confirm', reason: 'changed' }), /^The deployment was edited/, true],
  [
    'it is to run where there is nothing',
    of({ kind: 'no-deployment', name: 'gone' }),
    /^There is no deployment “gone”/,
    false,
  ],
  ['something else works on it', of({ kind: 'locked' }), /^Another operation works on “lab”/, true],
  ['it is paused', new NotWatched('lab', 'paused'), /^“lab” is paused/, false],
  ['nothing more is known', of({ kind: 'key-used' }), /^The console did not let it begin/, false],
])('says in words why a schedule began nothing where %s', (_, error, english, retry) => {
  const why = whyNotBegun(error)
  if (why === null) throw new Error('it has no words')
  expect(why.retry).toBe(retry)
  const [en, ru] = [operationText(createTranslator('en'), why), operationText(createTranslator('ru'), why)]
  expect(en).toMatch(english)
  expect(ru).toMatch(/^[«А-Я]/)
  for (const words of [en, ru]) expect(words).not.toMatch(/\((?:guard|confirm|key-used|no-deployment)\)|\{\{/)
})

it('takes what it does not know for a bug', () => {
  expect(whyNotBegun(new TypeError('x is not a function'))).toBeNull()
})
