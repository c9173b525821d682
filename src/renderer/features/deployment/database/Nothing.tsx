/** The empty face of one list among others: what it is, and that there is nothing in it. */
import classes from './database.module.css'

export function Nothing({ title, text }: { title: string; text?: string | undefined }) {
  return (
    <p className={classes.nothing}>
      <strong>{title}</strong>
      {text !== undefined && <span> {text}</span>}
    </p>
  )
}
