/** Texts of what a bad status comes from. */
import type { uiCauses as english } from '../en/ui-causes.ts'
import type { Translated } from '../plurals.ts'

export const uiCauses: Translated<typeof english> = {
  'causes.title': 'Причины',
  'causes.of': '{{target}}: {{words}}',
  'causes.of-redis': 'Redis {{target}}: {{words}}',
  'causes.of-host': 'Хост {{target}}: {{words}}',
  'causes.likely': 'вероятно',
  'causes.likely-why':
    'По крайней мере одно звено выведено из того, что случилось в то же время, и само не наблюдалось.',
  'causes.not-found': 'причина не найдена',
  'causes.not-found-why':
    'Ничто из наблюдаемого этого не объясняет. Дальше стоит посмотреть графики за время до этого и журналы.',
  'causes.also': 'Объясняет и это: {{subjects}}',
  'causes.evidence': 'Факты',
  'causes.more_one': 'Ещё {{count, number}}',
  'causes.more_few': 'Ещё {{count, number}}',
  'causes.more_many': 'Ещё {{count, number}}',
  'causes.more_other': 'Ещё {{count, number}}',
  'causes.fewer': 'Меньше',
  'causes.copy': 'Скопировать текстом',
  'causes.copy-failed': 'Браузер не даёт странице копировать: консоль открыта не по TLS.',
  'causes.text-now': 'Сейчас',
  'causes.link-since': 'с',
  'causes.key': 'Показать или скрыть факты первой причины',
}
