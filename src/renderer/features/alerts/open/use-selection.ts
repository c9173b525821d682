/** Which alerts of the list are selected; what is not listed any more is not. */
import { useMemo, useRef, useState } from 'react'

export interface Selection {
  readonly ids: ReadonlySet<string>
  /** `range`: also all between it and the one that was chosen before. */
  readonly toggle: (id: string, range: boolean) => void
  readonly add: (ids: readonly string[]) => void
  readonly all: () => void
  readonly clear: () => void
}

/** @param listed ids in the order in which they stand */
export function useSelection(listed: readonly string[]): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const last = useRef<string | null>(null)
  const ids = useMemo(() => {
    if (chosen.size === 0) return chosen
    const there = new Set(listed)
    return new Set([...chosen].filter((id) => there.has(id)))
  }, [chosen, listed])

  return {
    ids,
    toggle(id, range) {
      setChosen(toggled(ids, listed, id, range ? last.current : null))
      last.current = id
    },
    add: (more) => setChosen(new Set([...ids, ...more])),
    all: () => setChosen(ids.size === listed.length ? new Set() : new Set(listed)),
    clear: () => setChosen(new Set()),
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
