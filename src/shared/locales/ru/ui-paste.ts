/** Развёртывание из того, что есть под рукой: текст, который вставляют, и что из него получилось. */
import type { uiPaste as en } from '../en/ui-paste.ts'
import type { Translated } from '../plurals.ts'

export const uiPaste: Translated<typeof en> = {
  'paste.title': 'Вставьте то, что есть под рукой',
  'paste.explains':
    'Адреса, «ssh user@host», строки из .env или docker-compose.yml: по ним заполнится форма ниже. Пока вы не запустите проверку, Vakhta никуда не подключается, а пароли хранятся отдельно.',
  'paste.label': 'Адреса, хост SSH, .env или docker-compose.yml',
  'paste.choose': 'Выбрать файл',
  'paste.too-large': 'Файл больше {{limit, number}} байт: вставьте ту часть, где названы серверы и сервисы.',
  'paste.ssh': 'Где это работает',
  'paste.ssh-hint': 'Как после «ssh»: deploy@shop.example.com. Пусто — на этой машине или доступно напрямую',
  'paste.variables': '.env рядом с ним',
  'paste.variables-hint': 'Значения переменных, на которые ссылается файл',
  'paste.do': 'Заполнить форму',
  'paste.again': 'Заполнить форму заново',
  'paste.notes': 'Что из этого получилось',
  'paste.found-kinds': 'Распознано: {{kinds}}.',
  'paste.kind-urls': 'адреса',
  'paste.kind-ssh': 'путь по SSH',
  'paste.kind-env': 'переменные',
  'paste.kind-compose': 'файл Compose',
  'paste.kind-profile': 'профиль',
  'paste.tone-look': 'Проверьте',
  'paste.tone-assumed': 'Предположено',
  'paste.tone-found': 'Найдено',
  'paste.found_one': '{{count, number}} параметр назван прямо в тексте',
  'paste.found_few': '{{count, number}} параметра названы прямо в тексте',
  'paste.found_many': '{{count, number}} параметров названы прямо в тексте',
  'paste.found_other': '{{count, number}} параметра названы прямо в тексте',
  'paste.left-out': 'Пропущено: в профиль это не подходит',
  'paste.next': 'Форма ниже заполнена: просмотрите её, проверьте подключение и добавьте развёртывание.',
  'form.secret-pasted': 'Был во вставленном тексте; попадёт в хранилище, когда вы сохраните',
}
