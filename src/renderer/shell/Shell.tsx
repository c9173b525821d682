/** What stands around every screen: the environment's band, navigation, header, palette, keys, and what went wrong. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useLink } from '../client/console.tsx'
import { useSession } from '../client/session.ts'
import { KeptChoices } from '../components/KeptChoices.tsx'
import { SignInScreen } from '../features/console/SignInScreen.tsx'
import { QuestionBar } from '../features/questions/QuestionBar.tsx'
import { Band } from './Band.tsx'
import { Crash } from './Crash.tsx'
import { Header } from './Header.tsx'
import { KeysHelp } from './KeysHelp.tsx'
import { useLanguage } from './language.ts'
import { Navigation } from './Navigation.tsx'
import { Notices } from './Notices.tsx'
import { Palette } from './Palette.tsx'
import { Reconnecting } from './Reconnecting.tsx'
import classes from './Shell.module.css'
import { useShortcuts } from './shortcuts.ts'
import { useTheme } from './useTheme.ts'
import { WindowTitle } from './WindowTitle.tsx'

const CONTENT = 'content'

interface Props {
  /** What goes on whichever screen is open, and draws nothing; not while nobody is signed in. */
  readonly ahead: ReactNode
  readonly children: ReactNode
}

export function Shell({ ahead, children }: Props) {
  const { t, i18n } = useTranslation()
  const [location] = useLocation()
  const preferences = useSession().data?.preferences
  const signedOut = useLink().status === 'signed-out'
  useLanguage(i18n, preferences?.language)
  useTheme(preferences?.theme)
  const { helpOpen, setHelpOpen } = useShortcuts()

  return (
    <div className={classes.shell}>
      <a
        className={classes.skip}
        href={`#${CONTENT}`}
        onClick={(event) => {
          // The place is in the fragment: following the link would leave the screen.
          event.preventDefault()
          document.getElementById(CONTENT)?.focus()
        }}
      >
        {t('shell.skip')}
      </a>
      <WindowTitle />
      <Band />
      <Header onHelp={() => setHelpOpen(true)} />
      <QuestionBar />
      <div className={classes.body}>
        <Navigation />
        <main className={classes.main} id={CONTENT} tabIndex={-1}>
          <Reconnecting />
          <Notices />
          {signedOut ? (
            <SignInScreen />
          ) : (
            <>
              {ahead}
              <KeptChoices of="screens">
                <Crash key={drawnAnew(location)}>{children}</Crash>
              </KeptChoices>
            </>
          )}
        </main>
      </div>
      <Palette onHelp={() => setHelpOpen(true)} />
      <KeysHelp opened={helpOpen} onClose={() => setHelpOpen(false)} />
    </div>
  )
}

/** What is another screen when it changes: an alert is opened beside the list that it stands in, which stays as it is. */
function drawnAnew(location: string): string {
  const list = /^\/alerts(?:\/(open|history)(?=\/|$)|\/?$)/.exec(location)
  return list === null ? location : `/alerts/${list[1] ?? 'open'}`
}
