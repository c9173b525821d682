/** Sets secrets `PREFIX-0`, `PREFIX-1` and so on, up to COUNT; prints each name once it is durable. */
import { systemClock } from '../../../src/main/engine/clock.ts'
import { openSealedFile } from '../../../src/main/engine/vault/sealed-file.ts'

const [path = '', keyFile = '', prefix = '', count = ''] = process.argv.slice(2)
const vault = await openSealedFile({ path, keyFile, clock: systemClock })
for (let index = 0; index < Number(count); index++) {
  const name = `${prefix}-${index}`
  await vault.set(name, `value of ${name}`)
  process.stdout.write(`${name}\n`)
}
