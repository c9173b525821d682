/** What stands where nothing is configured yet: three ways in. */
import { Button, Code, CopyButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link, Redirect } from 'wouter'
import { useFleet } from '../../client/live.ts'
import { places } from '../../places.ts'
import classes from './first-run.module.css'

const DEMO_COMMAND = 'npm run demo'

export function FirstRunScreen() {
  const { t } = useTranslation()
  const { data } = useFleet()
  if (data !== undefined && data.rows.length > 0) return <Redirect to={places.fleet} replace />
  return (
    <div className={classes.screen}>
      <h1>{t('first-run.title')}</h1>
      <p className={classes.lead}>{t('first-run.text')}</p>
      <ol className={classes.ways}>
        <li>
          <h2>{t('first-run.add')}</h2>
          <p>{t('first-run.add-text')}</p>
          <Button component={Link} href={places.addDeployment}>
            {t('first-run.add-button')}
          </Button>
        </li>
        <li>
          <h2>{t('first-run.import')}</h2>
          <p>{t('first-run.import-text')}</p>
          <Button variant="default" component={Link} href={places.importDeployments}>
            {t('first-run.import-button')}
          </Button>
        </li>
        <li>
          <h2>{t('first-run.demo')}</h2>
          <p>{t('first-run.demo-text')}</p>
          <div className={classes.command}>
            <Code>{DEMO_COMMAND}</Code>
            <CopyButton value={DEMO_COMMAND}>
              {({ copied, copy }) => (
                <Button variant="default" onClick={copy}>
                  {t(copied ? 'first-run.copied' : 'first-run.copy')}
                </Button>
              )}
            </CopyButton>
          </div>
        </li>
      </ol>
    </div>
  )
}
