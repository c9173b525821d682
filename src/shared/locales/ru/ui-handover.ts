/** Тексты экрана передачи смены; слова самого документа в `handover.ts`. */
import type { uiHandover as en } from '../en/ui-handover.ts'
import type { Translated } from '../plurals.ts'

export const uiHandover: Translated<typeof en> = {
  'alerts.section-handover': 'Передача смены',
  'handover.period': 'Период',
  'handover.period-8h': '8 ч',
  'handover.period-12h': '12 ч',
  'handover.period-24h': '24 ч',
  'handover.period-3d': '3 дня',
  'handover.period-7d': '7 дней',
  'handover.period-own': 'С – по',
  'handover.from': 'С',
  'handover.to': 'По',
  'handover.backwards': 'Конец раньше начала.',
  'handover.refresh': 'На сейчас',
  'handover.copy': 'Скопировать как Markdown',
  'handover.copied': 'Скопировано',
  'handover.save': 'Сохранить',
  'handover.print': 'Печать',
  'handover.failed': 'Собрать передачу смены не удалось',
  'handover.document': 'Передача смены',
  'handover.file': 'peredacha-smeny',
  'handover.note': 'Заметка для следующей смены',
  'handover.note-placeholder': 'За чем следить, что уже пробовали, кому звонить',
  'handover.note-add': 'Добавить заметку',
  'handover.note-may-not': 'Заметки оставляют операторы и администраторы.',
  'handover.notes': 'Заметки за этот период',
  'handover.note-remove': 'Убрать',
  'handover.note-remove-of': 'Убрать заметку ({{by}}): {{text}}',
}
