/** Texts of the deployment. */
import type { uiDeployment as english } from '../en/ui-deployment.ts'
import type { Translated } from '../plurals.ts'

export const uiDeployment: Translated<typeof english> = {
  'chart.time': 'Время',
  'chart.min': 'мин.',
  'chart.mean': 'среднее',
  'chart.max': 'макс.',
  'chart.show-table': 'Таблица: «{{title}}»',
  'chart.table-of': 'Значения: «{{title}}»',
  'chart.nothing-yet': 'За это время нет измерений',
  'chart.summary': '{{label}}: сейчас {{now}}, от {{min}} до {{max}}, в среднем {{mean}}',
  'chart.summary-unknown': '{{label}}: за это время неизвестно',
  'chart.limit-above-warning': 'предупреждение выше {{value}}',
  'chart.limit-above-critical': 'критично выше {{value}}',
  'chart.limit-below-warning': 'предупреждение ниже {{value}}',
  'chart.limit-below-critical': 'критично ниже {{value}}',
  'chart.flag-yes': 'да',
  'chart.flag-no': 'нет',
  'chart.flag-partly': 'с перерывами',
  'chart.flag-unknown': 'неизвестно',
  'chart.lane-summary': '{{label}}: «да» в {{share, number}} % наблюдений',
}
