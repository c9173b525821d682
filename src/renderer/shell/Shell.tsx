/** What stands around every screen. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../client/session.ts'
import { useLanguage } from './language.ts'

export function Shell({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation()
  useLanguage(i18n, useSession().data?.preferences.language)
  return <main>{children}</main>
}
