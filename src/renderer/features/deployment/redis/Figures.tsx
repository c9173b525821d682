/** A few figures with their names, side by side or one below the other. */
import classes from '../database/database.module.css'

interface Props {
  readonly figures: readonly (readonly [name: string, value: string])[]
}

export function Figures({ figures }: Props) {
  return (
    <dl className={classes.figures}>
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** The same as a list under a heading. */
export function FactList({ title, figures }: Props & { readonly title: string }) {
  return (
    <div className={classes.part}>
      <h3>{title}</h3>
      <dl className={classes.facts}>
        {figures.map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
