/** Which alerts of the list are selected; what is not listed any more is not. */
import { useMemo, useRef, useState } from 'react'

export interface Selection {
  readonly ids: ReadonlySet<string>
  /** All are meant, and some of them are still on their way: what is to be done with them waits until they are here. */
  readonly awaits: boolean
  /** `range`: also all between it and the one that was chosen before. */
  readonly toggle: (id: string, range: boolean) => void
  readonly add: (ids: readonly string[]) => void
  readonly all: () => void
  readonly clear: () => void
}

/**
 * @param listed ids in the order in which they stand
 * @param areMoreComing there are others that will be listed in a moment
 */
export function useSelection(listed: readonly string[], areMoreComing: boolean): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [isWhole, setWhole] = useState(false)
  const awaits = isWhole && areMoreComing
  // What comes after all are here is none of those that were meant.
  if (isWhole && !areMoreComing) {
    setWhole(false)
    setChosen(new Set(listed))
  }
  const last = useRef<string | null>(null)
  const ids = useMemo(() => {
    if (isWhole) return new Set(listed)
    if (chosen.size === 0) return chosen
    const there = new Set(listed)
    return new Set([...chosen].filter((id) => there.has(id)))
  }, [chosen, listed, isWhole])

  function choose(next: ReadonlySet<string>, whole = false) {
    setChosen(next)
    setWhole(whole)
  }

  return {
    ...{ ids, awaits },
    toggle(id, range) {
      choose(toggled(ids, listed, id, range ? last.current : null))
      last.current = id
    },
    add: (more) => choose(new Set([...ids, ...more])),
    all: () => (ids.size === listed.length ? choose(new Set()) : choose(new Set(listed), areMoreComing)),
    clear: () => choose(new Set()),
  }
}

/** @param from what was chosen before: all between the two go the way of the last; `null`: that one alone */
export function toggled(
  chosen: ReadonlySet<string>,
  listed: readonly string[],
  id: string,
  from: string | null,
): Set<string> {
  const next = new Set(chosen)
  const [a, b] = [listed.indexOf(from ?? id), listed.indexOf(id)]
  const between = a === -1 || b === -1 ? [id] : listed.slice(Math.min(a, b), Math.max(a, b) + 1)
  const isOn = !chosen.has(id)
  for (const one of between) {
    if (isOn) next.add(one)
    else next.delete(one)
  }
  return next
}
