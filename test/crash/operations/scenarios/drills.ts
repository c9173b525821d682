/** Drills: on a server that is thrown away, and on one that somebody chose. */
import type { PostgresServer } from '../../../../demo/servers/postgres.ts'
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
    hold: async () => shop.aside.hold(),
    reached: async () =>
      void (await until(shop.aside.isReached, { what: 'rows that are restored', timeoutMs: 60_000 })),
    letGo: async () => shop.aside.letGo(),
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
