/** What to do when the console does not know this browser. */
import { Button } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useConsole } from '../../client/console.tsx'
import classes from './SignInScreen.module.css'

export function SignInScreen() {
  const { t } = useTranslation()
  const { link } = useConsole()

  // Somebody signs in in another tab and comes back: then this one is signed in too.
  useEffect(() => {
    const check = () => {
      if (document.visibilityState === 'visible') link.retry()
    }
    document.addEventListener('visibilitychange', check)
    return () => document.removeEventListener('visibilitychange', check)
  }, [link])

  return (
    <div className={classes.screen}>
      <h1>{t('sign-in.title')}</h1>
      <p>{t('sign-in.text')}</p>
      <h2>{t('sign-in.token-title')}</h2>
      <p>{t('sign-in.token')}</p>
      <Button component="a" href="/start">
        {t('sign-in.start-page')}
      </Button>
      <h2>{t('sign-in.link-title')}</h2>
      <p>{t('sign-in.link')}</p>
      <Button variant="default" onClick={link.retry}>
        {t('sign-in.check')}
      </Button>
    </div>
  )
}
