/** Catches a screen that failed to draw: the rest of the page, and the watch, go on. */
import { Button, Code } from '@mantine/core'
import { Component, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './Crash.module.css'

interface CrashState {
  readonly error: Error | null
}

export class Crash extends Component<{ children: ReactNode }, CrashState> {
  override state: CrashState = { error: null }

  static getDerivedStateFromError(error: unknown): CrashState {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override render() {
    const { error } = this.state
    if (error === null) return this.props.children
    return <Crashed error={error} again={() => this.setState({ error: null })} />
  }
}

function Crashed({ error, again }: { error: Error; again: () => void }) {
  const { t } = useTranslation()
  return (
    <div className={classes.crash} role="alert">
      <h1>{t('crash.title')}</h1>
      <p>{t('crash.text')}</p>
      <Button variant="default" onClick={again}>
        {t('crash.again')}
      </Button>
      <details>
        <summary>{t('crash.details')}</summary>
        <Code block>{error.stack ?? error.message}</Code>
      </details>
    </div>
  )
}
