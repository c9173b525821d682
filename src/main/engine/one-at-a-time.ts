/** Work that reads what there is and then writes goes one after the other: two at once would each undo the other's. */
export type OneAtATime = <T>(work: () => Promise<T>) => Promise<T>

/** What fails holds up nothing after it. */
export function createOneAtATime(): OneAtATime {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const done = last.then(work)
    last = done.catch(() => {})
    return done
  }
}
