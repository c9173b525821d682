import 'i18next'
import type { resources } from '#shared/locales/translate.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'ui'
    resources: (typeof resources)['en']
    keySeparator: false
    nsSeparator: ':'
  }
}
