/** Imports deployments from YAML: checked while it is typed, all of them or none. */
import { Button, FileButton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useApi } from '../../../client/console.tsx'
import { useErrorText } from '../../../client/error-text.ts'
import { places } from '../../../places.ts'
import { issuesOf } from '../form/issues-of.ts'
import classes from '../settings.module.css'
import { ProfileIssues } from './ProfileIssues.tsx'
import { YamlEditor, type YamlEditorHandle } from './YamlEditor.tsx'

const PAUSE_MS = 300

export function ImportProfiles() {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const api = useApi()
  const [, go] = useLocation()
  const [yaml, setYaml] = useState('')
  const [typed] = useDebouncedValue(yaml, PAUSE_MS)
  const editor = useRef<YamlEditorHandle>(null)
  const blank = typed.trim() === ''
  const check = useQuery(
    api.deployments.validate.queryOptions({
      input: { yaml: typed },
      enabled: !blank,
      placeholderData: keepPreviousData,
      gcTime: 0,
    }),
  )
  const bring = useMutation(
    api.deployments.import.mutationOptions({
      onSuccess: ({ imported }) => {
        const [only] = imported
        go(imported.length === 1 && only !== undefined ? places.deployment(only) : places.fleet)
      },
    }),
  )
  const refused = issuesOf(bring.error)
  const issues = refused.length > 0 ? refused : blank ? [] : (check.data?.issues ?? [])
  const names = check.data?.profiles.map(({ name }) => name) ?? []
  const failure = bring.error !== null && refused.length === 0 ? bring.error : check.error
  const edit = (text: string) => {
    bring.reset()
    setYaml(text)
  }

  return (
    <div className={classes.stack}>
      <div className={classes.head}>
        <h1>{t('import.title')}</h1>
        <FileButton
          accept=".yaml,.yml,application/yaml,text/yaml"
          onChange={(file) => void file?.text().then(edit)}
        >
          {(props) => (
            <Button variant="default" {...props}>
              {t('import.choose')}
            </Button>
          )}
        </FileButton>
      </div>
      <p className={classes.text}>{t('import.explains')}</p>
      <YamlEditor
        ref={editor}
        value={yaml}
        onChange={edit}
        label={t('import.label')}
        describedBy="import-verdict"
        faulty={new Set(issues.flatMap(({ line }) => (line === null ? [] : [line])))}
      />
      <div id="import-verdict" aria-live="polite">
        {failure !== null && <p className={classes.failed}>{errorText(failure)}</p>}
        {issues.length > 0 && (
          <>
            <p className={classes.failed}>{t('import.refused', { count: issues.length })}</p>
            <ProfileIssues issues={issues} onGo={(line) => editor.current?.goTo(line)} />
          </>
        )}
        {!blank && issues.length === 0 && names.length > 0 && (
          <p className={classes.text}>
            {t('import.ready', { count: names.length, names: names.join(', ') })}
          </p>
        )}
      </div>
      <div className={classes.row}>
        <Button
          loading={bring.isPending}
          disabled={blank || issues.length > 0 || names.length === 0 || typed !== yaml}
          onClick={() => bring.mutate({ yaml })}
        >
          {t('import.do')}
        </Button>
        <Button variant="subtle" onClick={() => go(places.settings('deployments'))}>
          {t('settings.cancel')}
        </Button>
      </div>
    </div>
  )
}
