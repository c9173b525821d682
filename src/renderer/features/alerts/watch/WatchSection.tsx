/** The watch: who has it, what is kept quiet by a schedule, and whom an incident goes on to; each edited in its place. */
import type { ComponentType } from 'react'
import type { SectionProps } from '../sections.ts'
import { PeopleList } from './people/PeopleList.tsx'
import { PersonEditor } from './people/PersonEditor.tsx'
import { PoliciesList } from './policies/PoliciesList.tsx'
import { PolicyEditor } from './policies/PolicyEditor.tsx'
import { RotaEditor } from './rotas/RotaEditor.tsx'
import { RotasList } from './rotas/RotasList.tsx'
import classes from './watch.module.css'
import { WindowEditor } from './windows/WindowEditor.tsx'
import { WindowsList } from './windows/WindowsList.tsx'

const EDITORS: Readonly<Record<string, ComponentType<{ name: string | null }>>> = {
  window: WindowEditor,
  rota: RotaEditor,
  person: PersonEditor,
  policy: PolicyEditor,
}

/** @param item `null`: all of it; `window`: a new one; `window:NAME`: that one */
export function WatchSection({ item }: SectionProps) {
  const [kind = '', name] = (item ?? '').split(/:(.*)/s)
  const Editor = EDITORS[kind]
  if (Editor !== undefined) {
    return (
      <div className={classes.section}>
        <Editor name={name ?? null} />
      </div>
    )
  }
  return (
    <div className={classes.section}>
      <RotasList />
      <PeopleList />
      <WindowsList />
      <PoliciesList />
    </div>
  )
}
