/** A reason within another: what lies behind is said in words of the reader's language. */
import { expect, it } from 'vitest'
import { alertText, createTranslator, operationText } from '../../../src/shared/locales/translate.ts'

const [en, ru] = [createTranslator('en'), createTranslator('ru')]
const refused = { because: 'tcp-refused', host: 'pool', port: 6432, hop: 'PgBouncer pool:6432' }
const opening = { because: 'deployment-opening', name: 'shop' }

it.each(['restore-pool-unreached', 'restore-pool-not-asked', 'restore-pool-not-resumed'])(
  'stands behind %s',
  (code) => {
    const say = (because: object) =>
      [en, ru].map((one) =>
        operationText(one, { code, params: { ...because, pooler: 'a', commands: 'RESUME "shop";' } }),
      )
    const [inEnglish, inRussian] = say(refused)
    expect(inEnglish).toMatch(/ pool refused the connection on port 6432\b/)
    expect(inRussian).toMatch(/ pool .*6432/)
    expect(say(opening)[0]).toMatch(
      / The connections of “shop” are just being opened\. Try again in a moment\.$/,
    )
    // Where nothing is known, nothing is said, and no hole is left.
    for (const words of say({})) expect(words).toMatch(/\S\.$/)
    for (const words of [...say(refused), ...say(opening)])
      expect(words).not.toMatch(/tcp-refused|deployment-opening|\{\{/)
  },
)

it('stands in an alert with its first sentence: what to do is told in the console', () => {
  const params = {
    value: 1,
    limit: 0,
    target: null,
    because: 'tool-too-old',
    program: 'pg_restore',
    major: 17,
    found: '15.2',
    path: '/usr/bin/pg_restore',
  }
  const reason = { code: 'alert-drill-failed-because', params }
  expect(alertText(en, reason)).toBe(
    'A drill could not restore its backup: The server is PostgreSQL 17, and the newest pg_restore of this machine is 15.2 (/usr/bin/pg_restore): it refuses a newer server',
  )
  expect(alertText(ru, reason)).toMatch(/^Учебное восстановление из копии не удалось: \p{Lu}[^.]+17.*[^.]$/u)
})
