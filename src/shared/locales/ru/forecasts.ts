/** Когда что-то заполнится при такой скорости, или почему это не предсказано. */
import type { forecasts as en } from '../en/forecasts.ts'
import type { Translated } from '../plurals.ts'

export const forecasts: Translated<typeof en> = {
  'full-in':
    'при такой скорости заполнится примерно через {{likely, duration}} ({{earliest, duration}} – {{latest, duration}})',
  'full-in-just': 'при такой скорости заполнится примерно через {{likely, duration}}',
  'ends-in': 'истекает через {{likely, duration}}',
  'grows-by': 'при такой скорости растёт на {{mebibytes, number(maximumFractionDigits: 1)}} МиБ в день',

  'not-observed-enough': 'прогноза нет: наблюдений пока слишком мало',
  'not-observed-now': 'прогноза нет: текущее значение неизвестно',
  'not-rising': 'не растёт',
  'not-a-trend': 'прогноза нет: значение колеблется, и направления не видно',
  'not-steady': 'прогноза нет: значение выросло разом и с тех пор держится',
  'not-slowing': 'прогноза нет: рост был, но замедлился',
  'not-beyond-its-peaks': 'прогноза нет: значение то растёт, то падает и не выше прежних пиков',
  'not-within-sight': 'растёт так медленно, что в обозримое время не заполнится',
  'not-before-it-is-full': 'уже заполнено или истекло',
  'not-where-it-evicts': 'этот Redis и должен быть заполнен: он вытесняет ключи',
  'not-without-a-limit': 'собственного предела нет',
}
