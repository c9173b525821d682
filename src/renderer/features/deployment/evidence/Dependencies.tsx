/** What a service's ready endpoint says of the things that it depends on. */
import { useTranslation } from 'react-i18next'
import classes from '../deployment.module.css'

export function Dependencies({ target, words }: { target: string; words: Record<string, string> }) {
  const { t } = useTranslation()
  const heading = `evidence-dependencies-${target}`
  return (
    <div>
      <h3 id={heading}>{t('evidence.dependencies', { target })}</h3>
      <table className={classes.table} aria-labelledby={heading}>
        <thead>
          <tr>
            <th scope="col">{t('evidence.dependency')}</th>
            <th scope="col">{t('evidence.word')}</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(words).map(([name, word]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{word}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
