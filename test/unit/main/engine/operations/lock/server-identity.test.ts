import { expect, it } from 'vitest'
import { serverIdentity } from '../../../../../../src/main/engine/operations/lock/server-identity.ts'
import { type PostgresSession, ReachError } from '../../../../../../src/main/engine/reach/reach.ts'

const failing = (step: 'privilege' | 'tcp' | 'protocol', code: string) =>
  new ReachError({
    ...{ step, hop: 'PostgreSQL db:5432', on: 'target', code, params: {} },
    recovery: 'by-itself',
  } as never)
const asked = (answer: unknown) =>
  serverIdentity(
    {
      async query() {
        if (answer instanceof Error) throw answer
        return { rows: answer }
      },
    } as unknown as PostgresSession,
    new AbortController().signal,
  )

it('is what the server says, and unknown where it may not be asked or has no answer', async () => {
  expect(await asked([{ identifier: '7441234567890123456' }])).toBe('7441234567890123456')
  expect(await asked(failing('privilege', 'postgres-no-right'))).toBeNull()
  // Of a managed server that has no such file.
  expect(await asked(failing('protocol', 'postgres-statement-failed'))).toBeNull()
})

it('is not taken for unknown where the server did not answer', async () => {
  await expect(asked(failing('tcp', 'tcp-refused'))).rejects.toThrow()
})
