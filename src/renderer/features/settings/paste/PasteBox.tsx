/** Where a text is pasted, and what was made of it. */
import { Button, FileButton, Textarea, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PASTED_MAX_LENGTH } from '#shared/model/proposal.ts'
import { useClient } from '../../../client/console.tsx'
import { useErrorText } from '../../../client/error-text.ts'
import { YamlEditor, type YamlEditorHandle } from '../deployments/YamlEditor.tsx'
import classes from '../settings.module.css'
import { ProposalNotes } from './ProposalNotes.tsx'
import pasteClasses from './paste.module.css'
import type { ProposalOut } from './proposal.ts'

/** Notes that a `.env` beside the text would answer. */
const WANTS_VARIABLES = new Set(['variable-missing', 'env-file-not-read', 'beside-line'])

export function PasteBox({ onProposed }: { readonly onProposed: (proposal: ProposalOut) => void }) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const client = useClient()
  const verdict = useId()
  const editor = useRef<YamlEditorHandle>(null)
  const [text, setText] = useState('')
  const [ssh, setSsh] = useState('')
  const [variables, setVariables] = useState('')
  const [tooLarge, setTooLarge] = useState(false)
  // No query: what was pasted must not lie in a cache.
  const propose = useMutation({
    mutationFn: () => client.deployments.propose({ text, ssh, variables }),
    onSuccess: onProposed,
    gcTime: 0,
  })
  const { data } = propose
  const notes = data?.notes ?? []
  const lines = notes.flatMap(({ tone, line }) => (tone === 'look' && line !== null ? [line] : []))
  const wantsVariables = variables !== '' || notes.some(({ code }) => WANTS_VARIABLES.has(code))

  async function read(file: File | null) {
    if (file === null) return
    setTooLarge(file.size > PASTED_MAX_LENGTH)
    if (file.size > PASTED_MAX_LENGTH) return
    setText(await file.text())
    propose.reset()
  }

  return (
    <section className={pasteClasses.box} aria-labelledby={`${verdict}-title`}>
      <div className={pasteClasses.head}>
        <h2 id={`${verdict}-title`}>{t('paste.title')}</h2>
        <FileButton onChange={(file) => void read(file)}>
          {(props) => (
            <Button variant="default" size="compact-sm" {...props}>
              {t('paste.choose')}
            </Button>
          )}
        </FileButton>
      </div>
      <p className={classes.text}>{t('paste.explains')}</p>
      <div className={pasteClasses.text}>
        <YamlEditor
          ref={editor}
          value={text}
          onChange={setText}
          label={t('paste.label')}
          describedBy={verdict}
          faulty={new Set(lines)}
        />
      </div>
      <TextInput
        label={t('paste.ssh')}
        description={t('paste.ssh-hint')}
        value={ssh}
        maxLength={1_000}
        onChange={(event) => setSsh(event.currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
      />
      {wantsVariables && (
        <Textarea
          label={t('paste.variables')}
          description={t('paste.variables-hint')}
          value={variables}
          rows={4}
          maxLength={200_000}
          onChange={(event) => setVariables(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
        />
      )}
      <div className={classes.row}>
        <Button
          variant="default"
          disabled={text.trim() === '' && ssh.trim() === ''}
          loading={propose.isPending}
          onClick={() => propose.mutate()}
        >
          {t(data?.profile === undefined || data.profile === null ? 'paste.do' : 'paste.again')}
        </Button>
      </div>
      <div id={verdict} aria-live="polite">
        {tooLarge && <p className={classes.failed}>{t('paste.too-large', { limit: PASTED_MAX_LENGTH })}</p>}
        {propose.error !== null && <p className={classes.failed}>{errorText(propose.error)}</p>}
        {data !== undefined && <ProposalNotes proposal={data} onGo={(line) => editor.current?.goTo(line)} />}
      </div>
    </section>
  )
}
