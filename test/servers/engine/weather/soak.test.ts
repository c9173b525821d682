// Hours of watching, with a fault every ten minutes, leave nothing behind. `npm run bench soak` does it for three days.
import { expect, it } from 'vitest'
import { leaksOf, soak, soakLine } from '../../../support/soak.ts'

const HOURS = 4
/** A fast machine gets through all of them, a slow one through as many as this allows. */
const SECONDS = 100

it(`stays flat over ${HOURS} hours of driven clock, or what ${SECONDS} s allow of them, with faults on the way`, async () => {
  const soaked = await soak({ hours: HOURS, everyHours: 1 / 6, seconds: SECONDS })
  process.stdout.write(`    ${soakLine(soaked)}\n`)
  expect(leaksOf(soaked)).toEqual([])
}, 600_000)
