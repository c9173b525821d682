/** The rotas of the team and the people in them: kept in `state.db`, asked at the moment that something is decided. */
import { z } from 'zod'
import { Override, Person, Rota, type Shift } from '#shared/model/rota.ts'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import { createOneAtATime } from '../../one-at-a-time.ts'
import { shiftsBetween, whoHasTheWatch, whoIsNext } from '../../schedules/rotas.ts'
import { createDocuments, type Saved } from '../../store/documents.ts'
import type { Store } from '../../store/store.ts'
import type { Watches } from '../escalation/reached.ts'

const KeptRota = Rota.extend({ overrides: z.array(Override) })

export interface StandingRota {
  readonly rota: Rota
  /** Those that are not over for long, the oldest first. */
  readonly overrides: readonly Override[]
  /** `null`: nobody has the watch. */
  readonly now: Shift | null
  /** Who takes it after that, stand-ins among them. */
  readonly next: string | null
}

export interface Rotas extends Watches {
  list(): StandingRota[]
  /** The people in it have to be there. */
  save(rota: Rota, replaces: string | null): Promise<Saved | 'no-person'>
  remove(name: string): Promise<boolean>
  /** `null`: there is no such rota. */
  shifts(name: string, from: number, to: number): Shift[] | null
  people(): readonly Person[]
  /** A person that a rota names keeps their name. */
  savePerson(person: Person, replaces: string | null): Promise<Saved | 'in-use'>
  removePerson(name: string): Promise<'removed' | 'missing' | 'in-use'>
  override(
    name: string,
    override: Omit<Override, 'id'>,
  ): Promise<Override | 'missing' | 'no-person' | 'too-many'>
  removeOverride(name: string, id: string): Promise<boolean>
}

/** What was over for so long is let go of when another is added. */
const OVERRIDES_KEPT_MS = 90 * 86_400_000
const MOST_OVERRIDES = 500

export async function createRotas({
  store,
  clock,
  log,
  createId,
}: {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly createId: () => string
}): Promise<Rotas> {
  /** An edit of a rota keeps who stands in, and each of those all others; people stay while one is put into a rota. */
  const inTurn = createOneAtATime()
  const people = await createDocuments({ store, clock, log, kind: 'person', schema: Person })
  const rotas = await createDocuments({ store, clock, log, kind: 'rota', schema: KeptRota })

  function isInUse(person: string): boolean {
    const now = clock.now()
    return rotas
      .all()
      .some(
        (one) =>
          one.people.includes(person) ||
          one.overrides.some((over) => over.person === person && over.to > now),
      )
  }

  return {
    rota(name) {
      const kept = rotas.get(name)
      return kept === null ? null : apart(kept)
    },
    person: people.get,
    people: people.all,
    list() {
      const now = clock.now()
      return rotas.all().map((kept) => {
        const { rota, overrides } = apart(kept)
        return {
          rota,
          overrides,
          now: whoHasTheWatch(rota, overrides, now),
          next: whoIsNext(rota, overrides, now),
        }
      })
    },
    save: (rota, replaces) =>
      inTurn(async () => {
        if (rota.people.some((name) => people.get(name) === null)) return 'no-person'
        const overrides = rotas.get(replaces ?? '')?.overrides ?? []
        return rotas.save({ ...rota, overrides }, replaces)
      }),
    remove: (name) => inTurn(() => rotas.remove(name)),
    shifts(name, from, to) {
      const kept = rotas.get(name)
      return kept === null ? null : shiftsBetween(kept, kept.overrides, from, to)
    },
    savePerson: (person, replaces) =>
      inTurn(async () => {
        if (replaces !== null && replaces !== person.name && isInUse(replaces)) return 'in-use'
        return people.save(person, replaces)
      }),
    removePerson: (name) =>
      inTurn(async () => {
        if (people.get(name) === null) return 'missing'
        if (isInUse(name)) return 'in-use'
        return (await people.remove(name)) ? 'removed' : 'missing'
      }),
    override: (name, said) =>
      inTurn(async () => {
        const kept = rotas.get(name)
        if (kept === null) return 'missing'
        if (people.get(said.person) === null) return 'no-person'
        const fresh = kept.overrides.filter(({ to }) => to > clock.now() - OVERRIDES_KEPT_MS)
        if (fresh.length >= MOST_OVERRIDES) return 'too-many'
        const override = { ...said, id: createId() }
        await rotas.save({ ...kept, overrides: [...fresh, override] }, name)
        return override
      }),
    removeOverride: (name, id) =>
      inTurn(async () => {
        const kept = rotas.get(name)
        const rest = kept?.overrides.filter((one) => one.id !== id)
        if (kept === null || rest?.length === kept.overrides.length) return false
        await rotas.save({ ...kept, overrides: rest ?? [] }, name)
        return true
      }),
  }
}

function apart({ overrides, ...rota }: z.infer<typeof KeptRota>) {
  return { rota, overrides }
}
