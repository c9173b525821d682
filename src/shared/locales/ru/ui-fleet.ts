import type { uiFleet as english } from '../en/ui-fleet.ts'
import type { Translated } from '../plurals.ts'

export const uiFleet: Translated<typeof english> = {
  'fleet.title': 'Обзор',
  'fleet.count_one': '{{count, number}} развёртывание',
  'fleet.count_few': '{{count, number}} развёртывания',
  'fleet.count_many': '{{count, number}} развёртываний',
  'fleet.count_other': '{{count, number}} развёртывания',
  'fleet.shown': 'показано {{shown, number}} из {{count, number}}',
  'fleet.filter': 'Фильтр по имени или причине',
  'fleet.filter-status': 'Статус',
  'fleet.filter-environment': 'Среда',
  'fleet.needs-attention': 'Требуют внимания',
  'fleet.clear-filters': 'Сбросить фильтры',
  'fleet.column-status': 'Статус',
  'fleet.column-deployment': 'Развёртывание',
  'fleet.column-reason': 'Причина',
  'fleet.column-heartbeat': 'Последний час',
  'fleet.column-db_pool_utilization': 'Пул',
  'fleet.column-redis_memory_usage': 'Память Redis',
  'fleet.column-system_cpu_percent': 'CPU',
  'fleet.column-http_errors_per_minute': 'Ошибки',
  'fleet.column-freshness': 'Данные',
  'fleet.since': 'уже {{duration}}',
  'fleet.paused': 'Пауза',
  'fleet.not-declared': 'нет',
  'fleet.sparkline': '{{metric}}, последний час: от {{min}} до {{max}}',
  'fleet.sparkline-unknown': '{{metric}}, последний час: данных нет',
  'fleet.no-match-title': 'Ничего не подходит',
  'fleet.no-match-text': 'Развёртывания есть, но все скрыты фильтрами.',
  'fleet.error-title': 'Не удалось загрузить обзор',

  'first-run.title': 'Пока не за чем наблюдать',
  'first-run.text':
    'Вахта следит за веб-сервисами на PostgreSQL и Redis и говорит, что сломалось и почему. Начать можно тремя способами.',
  'first-run.demo': 'Посмотреть демо',
  'first-run.demo-text':
    'Настоящие PostgreSQL, Redis и SSH-сервер с постоянной нагрузкой, только на этой машине, и сбои, которые можно устроить. У демо своя консоль, рядом с этой. Выполните в каталоге Вахты:',
  'first-run.copy': 'Скопировать команду',
  'first-run.copied': 'Скопировано',
  'first-run.add': 'Добавить развёртывание',
  'first-run.add-text':
    'Вставьте адреса, хост SSH, .env или docker-compose.yml, и Vakhta предложит остальное; или заполните всё сами. Каждый шаг пути проверяется до сохранения.',
  'first-run.add-button': 'Добавить развёртывание',
  'first-run.import': 'Импортировать профиль',
  'first-run.import-text':
    'YAML от коллеги или из другой консоли. Он проверяется построчно и импортируется целиком или никак.',
  'first-run.import-button': 'Импортировать профиль',
}
