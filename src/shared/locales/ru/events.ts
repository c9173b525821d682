/** Что изменилось, в нескольких словах; `what` называет сервис, базу данных или хост. */
import type { events as en } from '../en/events.ts'
import type { Translated } from '../plurals.ts'

export const events: Translated<typeof en> = {
  deployed: '{{what}}: выложена версия {{version}} (была {{before}})',
  'image-deployed': '{{what}}: выложен образ {{image}} (был {{before}})',
  'versions-mixed': '{{what}} отвечает двумя версиями: {{version}} и {{before}}',
  upgraded: '{{what}}: теперь версия {{version}} (была {{before}})',

  restarted: '{{what}}: перезапуск',
  'restarted-by-itself_one': '{{what}}: процесс завершился и был запущен снова',
  'restarted-by-itself_few': '{{what}}: процесс завершался и запускался снова {{count, number}} раза',
  'restarted-by-itself_many': '{{what}}: процесс завершался и запускался снова {{count, number}} раз',
  'restarted-by-itself_other': '{{what}}: процесс завершался и запускался снова {{count, number}} раза',
  ended: '{{what}}: остановлено',
  'ended-memory': '{{what}}: процесс убит, так как кончилась отведённая память',
  'ended-signal': '{{what}}: процесс завершён сигналом {{detail}}',
  'ended-code': '{{what}}: процесс завершился с кодом {{detail}}',
  'ended-failed': '{{what}}: сбой ({{detail}})',
  'process-crashed': '{{what}}: упал один из процессов; сервер оборвал все соединения и восстановился',

  'schema-changed': 'схема базы: {{revision}} ({{place}}, была {{before}})',
  'schema-first': 'схема базы: {{revision}} ({{place}}, раньше ревизии не было)',

  'setting-changed': '{{what}}: {{name}} = {{after}} (было {{before}})',
  'setting-set': '{{what}}: {{name}} = {{after}} (было по умолчанию)',
  'setting-reset': '{{what}}: {{name}} снова по умолчанию (было {{before}})',
  'setting-masked': '{{what}}: изменён параметр {{name}} (значение не показывается)',
  'settings-more_one': '{{what}}: изменён ещё {{count, number}} параметр: {{names}}',
  'settings-more_few': '{{what}}: изменены ещё {{count, number}} параметра: {{names}}',
  'settings-more_many': '{{what}}: изменено ещё {{count, number}} параметров: {{names}}',
  'settings-more_other': '{{what}}: изменены ещё {{count, number}} параметра: {{names}}',
  'settings-pending_one':
    '{{what}}: изменён {{count, number}} параметр, он вступит в силу после перезапуска: {{names}}',
  'settings-pending_few':
    '{{what}}: изменены {{count, number}} параметра, они вступят в силу после перезапуска: {{names}}',
  'settings-pending_many':
    '{{what}}: изменено {{count, number}} параметров, они вступят в силу после перезапуска: {{names}}',
  'settings-pending_other':
    '{{what}}: изменены {{count, number}} параметра, они вступят в силу после перезапуска: {{names}}',

  'server-moved': '{{what}}: теперь отвечает {{server}} (раньше {{before}})',
  'became-primary': '{{what}} теперь основной сервер',
  'became-replica': '{{what}} теперь реплика',

  'path-back': '{{hop}} снова доступен, перерыв {{seconds, duration}}',

  'profile-added': 'добавлено в консоль',
  'profile-removed': 'удалено из консоли',
  'profile-edited': 'изменён профиль: {{parts}}',
  'profile-paused': 'наблюдение приостановлено',
  'profile-resumed': 'наблюдение возобновлено',

  'alert-fires': 'оповещение ({{severity}}): {{saidText}}',
  'alert-raised': 'оповещение стало серьёзнее ({{severity}}): {{saidText}}',
  'alert-flaps': 'оповещение то появляется, то уходит ({{severity}}): {{saidText}}',
  'alert-acknowledged': 'оповещение взято в работу ({{by}}): {{saidText}}',
  'alert-cleared': 'оповещение закрыто, всё в норме: {{saidText}}',
  'alert-resolved': 'оповещение закрыто вручную ({{by}}): {{saidText}}',
  'alert-closed': 'оповещение снято с наблюдения: {{saidText}}',

  'operation-began': '{{saidText}} ({{by}})',
  'operation-undoing': '{{saidText}}: откатывается ({{by}})',
  'operation-interrupted': '{{saidText}}: прервана и ждёт решения',
  'operation-succeeded': '{{saidText}}: готово через {{seconds, duration}}',
  'operation-failed': '{{saidText}}: ошибка через {{seconds, duration}}',
  'operation-cancelled': '{{saidText}}: отменена через {{seconds, duration}}',
  'operation-undone': '{{saidText}}: откачена',
  'did-cancel-query': 'операция «отмена запроса»',
  'did-terminate-backend': 'операция «завершение сеанса»',
  'did-restart-service': 'операция «перезапуск сервиса»',
  'did-backup': 'операция «резервное копирование»',
  'did-drill': 'операция «учебное восстановление»',
  'did-restore': 'операция «восстановление»',
  'did-drill-verify': 'операция «перечитывание копии»',
  'did-restore-in-place': 'операция «восстановление на месте»',
  'did-restore-tables': 'операция «восстановление таблиц»',
  'did-restore-elsewhere': 'операция «восстановление на другой сервер»',
  'did-restore-keep': 'операция «оставить восстановленное»',

  'silence-began': 'тишина на {{seconds, duration}} ({{by}}): {{saidText}}',
  'silence-began-until-clear':
    'тишина, пока всё не придёт в норму, но не дольше {{seconds, duration}} ({{by}}): {{saidText}}',
  'silence-expired': 'тишина кончилась через {{seconds, duration}}: {{saidText}}',
  'silence-cleared': 'тишина кончилась через {{seconds, duration}}, всё в норме: {{saidText}}',
  'silence-began-operation': 'тишина, пока идёт операция ({{by}}): {{saidText}}',
  'silence-window-changed':
    'тишина кончилась через {{seconds, duration}}, окно обслуживания изменено: {{saidText}}',
  'silence-healthy': 'тишина кончилась через {{seconds, duration}}, все сервисы отвечают: {{saidText}}',
  'silence-by-hand': 'тишина снята вручную через {{seconds, duration}}: {{saidText}}',
  'silence-at-its-origin': 'тишина кончилась там, где была задана, через {{seconds, duration}}: {{saidText}}',
  'silenced-all': 'все оповещения',
  'silenced-one': 'одно оповещение',
  'silenced-rules': 'оповещения {{rules}}',
  'silenced-labels': 'оповещения с метками {{rules}}',
  'silenced-severities': 'оповещения с важностью «{{severity}}»',

  'after-pause': '{{happening}} (произошло, пока никто не смотрел)',
  flapped_one: '{{saidText}} (появилось и прошло {{count, number}} раз за {{flappedSeconds, duration}})',
  flapped_few: '{{saidText}} (появилось и прошло {{count, number}} раза за {{flappedSeconds, duration}})',
  flapped_many: '{{saidText}} (появилось и прошло {{count, number}} раз за {{flappedSeconds, duration}})',
  flapped_other: '{{saidText}} (появилось и прошло {{count, number}} раза за {{flappedSeconds, duration}})',
}
