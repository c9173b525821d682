/** Drills: on a server that is thrown away, and on one that somebody chose. */
import { readFileSync } from 'node:fs'
import type { PostgresServer } from '../../../../demo/servers/postgres.ts'
import { descendantsOf } from '../../../../demo/servers/process-tree.ts'
import { until } from '../../../support/until.ts'
import type { Stage } from '../scenario.ts'
import { requireBackups } from './backups.ts'
import { everythingOn, openShop, requireSame } from './shop.ts'

export async function drillStage(server: PostgresServer, where: 'here' | 'there'): Promise<Stage> {
  const shop = await openShop(
    server,
    'CREATE TABLE orders (id int CHECK (waits())); INSERT INTO orders VALUES (1), (2)',
  )
  const before = everythingOn(server)
  async function isAsBefore(): Promise<void> {
    requireSame(everythingOn(server), before)
    await requireBackups(shop.place, 1)
  }
  const options = { backup: shop.backup, ...(where === 'there' && { from: 'shop' }) }
  const aside = {
    hold: async () => {},
    reached: async (pid: number) =>
      void (await until(() => descendantsOf(pid).some(isCopying), {
        ...{ what: 'rows that are restored', timeoutMs: 60_000 },
      })),
    letGo: async () => {},
  }
  const { hold, reached, letGo } = where === 'there' ? shop : aside
  return {
    begin: async () => ({
      ...{ kind: 'drill', profile: shop.profile, options, known: shop.known },
      heldIn: where === 'there' ? 'drill-there' : 'drill',
      ...{ hold, reached, letGo, isWhole: isAsBefore, isAsBefore },
      isGivenUpAtStart: where === 'there',
      stop: async () => {},
    }),
    close: shop.remove,
  }
}

/** What a server's process says that it does, as `ps` shows it. */
function isCopying(pid: number): boolean {
  try {
    return /^postgres: .* COPY/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
  } catch {
    // It has ended meanwhile.
    return false
  }
}
