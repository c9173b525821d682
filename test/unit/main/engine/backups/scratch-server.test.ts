import { expect, it } from 'vitest'
import { endGroup } from '../../../../../src/main/engine/backups/postgres/scratch-server.ts'

it('a server that does not end is killed, and one that nobody asks for is left', async () => {
  const told: string[] = []
  const signalled = (_: number, signal: NodeJS.Signals) => {
    told.push(signal)
    return true
  }
  await endGroup(4_711, { signalled, withinMs: 1 })
  expect([...new Set(told)]).toEqual(['SIGQUIT', 'SIGKILL'])
  told.length = 0
  await endGroup(4_711, { signalled: (pid, signal) => signalled(pid, signal) && false })
  expect(told).toEqual(['SIGQUIT'])
})
