/** The standard tool opens what Vakhta encrypts, and Vakhta what the tool does. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { requireProgram } from '../../../demo/servers/programs.ts'
import {
  createTemporaryDirectory,
  type TemporaryDirectory,
} from '../../../demo/servers/temporary-directory.ts'
import { makeHeader } from '../../../src/main/engine/backups/age/header.ts'
import { openStream, sealStream } from '../../../src/main/engine/backups/age/payload.ts'

const age = requireProgram('age')
let directory: TemporaryDirectory
let identities: string[]
let recipients: string[]
beforeAll(async () => {
  directory = createTemporaryDirectory('age')
  identities = [await generateX25519Identity(), await generateX25519Identity()]
  recipients = await Promise.all(identities.map(identityToRecipient))
})
afterAll(() => directory.remove())

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}
async function gather(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const chunk of stream) all.push(chunk)
  return Buffer.concat(all)
}

it.each([0, 65_536, 200_001])('%i bytes', async (length) => {
  const text = Buffer.alloc(length, 'вахта')
  const sealed = await gather(sealStream(once(text), await makeHeader(recipients)))
  for (const [index, identity] of identities.entries()) {
    const file = join(directory.path, `key-${index}`)
    writeFileSync(file, `${identity}\n`, { mode: 0o600 })
    expect(execFileSync(age, ['-d', '-i', file], { input: sealed })).toEqual(text)
  }
  const theirs = execFileSync(
    age,
    recipients.flatMap((recipient) => ['-r', recipient]),
    { input: text },
  )
  expect(await gather(openStream(once(theirs), identities[1] ?? ''))).toEqual(text)
})
