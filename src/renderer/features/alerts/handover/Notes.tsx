/** What people leave for the next watch: a field for one's own, and those of the period with what removes them. */
import { Button, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { NoteOut } from '#shared/contract/handover.ts'
import { LONGEST_NOTE } from '#shared/model/handover.ts'
import { useApi, useKeys } from '../../../client/console.tsx'
import { useErrorText } from '../../../client/error-text.ts'
import { useMay, useSession } from '../../../client/session.ts'
import { Moment } from '../../../components/Moment.tsx'
import classes from './handover.module.css'

/** @param onAdded a note is of now, and the period may have ended before */
export function Notes({ notes, onAdded }: { notes: readonly NoteOut[]; onAdded: () => void }) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const api = useApi()
  const keys = useKeys()
  const cache = useQueryClient()
  const mayWrite = useMay('OPERATOR')
  const mayRemoveAll = useMay('ADMIN')
  const { data: session } = useSession()
  const [text, setText] = useState('')
  const again = () => cache.invalidateQueries({ queryKey: keys.handover })
  const add = useMutation(
    api.handover.addNote.mutationOptions({
      onSuccess: () => {
        setText('')
        onAdded()
      },
    }),
  )
  const remove = useMutation(api.handover.removeNote.mutationOptions({ onSuccess: again }))
  const failure = add.error ?? remove.error

  return (
    <section className={classes.notes} aria-label={t('handover.notes')}>
      {mayWrite ? (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (text.trim() !== '') add.mutate({ text })
          }}
        >
          <Textarea
            label={t('handover.note')}
            placeholder={t('handover.note-placeholder')}
            autosize
            minRows={2}
            maxRows={6}
            maxLength={LONGEST_NOTE}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button
            type="submit"
            variant="default"
            size="xs"
            loading={add.isPending}
            disabled={text.trim() === ''}
          >
            {t('handover.note-add')}
          </Button>
        </form>
      ) : (
        <p className={classes.quiet}>{t('handover.note-may-not')}</p>
      )}
      {failure !== null && (
        <p role="alert" className={classes.failed}>
          {errorText(failure)}
        </p>
      )}
      {notes.length > 0 && (
        <ul className={classes.noteList}>
          {notes.map(({ id, at, by, text: words }) => (
            <li key={id}>
              <p>
                <span className={classes.quiet}>
                  {by} · <Moment at={Date.parse(at)} show="absolute" />
                </span>
                {(mayRemoveAll || (mayWrite && by === session?.actor.name)) && (
                  <Button
                    variant="subtle"
                    size="compact-xs"
                    aria-label={t('handover.note-remove-of', { by, text: words.slice(0, 60) })}
                    onClick={() => remove.mutate({ note: id })}
                  >
                    {t('handover.note-remove')}
                  </Button>
                )}
              </p>
              <p className={classes.words}>{words}</p>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
