/** A link of a chain in words; where it names a backend, that leads to it among the database's. */
import { Link } from 'wouter'
import { places } from '../../../places.ts'
import classes from './causes.module.css'

interface Props {
  readonly deployment: string
  /** Where that is no number, or 0 (a prepared transaction has none), there is nowhere to go. */
  readonly pid: string | number | null | undefined
  readonly words: string
}

export function CauseWords({ deployment, pid, words }: Props) {
  const name = `PID ${pid}`
  const at = typeof pid === 'number' && pid > 0 ? words.indexOf(name) : -1
  if (at === -1) return words
  return (
    <>
      {words.slice(0, at)}
      <Link href={places.database(deployment, `activity:${pid}`)} className={classes.backend}>
        {name}
      </Link>
      {words.slice(at + name.length)}
    </>
  )
}
