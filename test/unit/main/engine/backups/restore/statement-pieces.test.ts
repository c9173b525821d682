/** Which statements of a dump are said with our rights alone, since reading their values runs nothing of anybody's. */
import { expect, it } from 'vitest'
import { isAlone, readsPlainly } from '../../../../../../src/main/engine/backups/postgres/statement-pieces.ts'

const policy = (using: string) => `CREATE POLICY p ON public.t USING (${using})`
const trigger = (rest: string) => `CREATE TRIGGER t AFTER INSERT ON public.t FOR EACH ROW ${rest}`
const sets = (value: string) => `ALTER TABLE ONLY public.t ALTER COLUMN c SET DEFAULT ${value}`

it.each([
  [true, policy('id < 100')],
  [true, policy(`(owner = current_setting('app.tenant'::text, true))`)],
  [true, policy(`("it's" = 'a''b::x'::character varying)`)],
  [true, policy(`(tags && ARRAY['a'::text, 'b'::text])`)],
  [true, policy(`(at > (now() - '1 day'::interval))`)],
  [true, policy(`CASE WHEN (a = 1) THEN 'x'::text ELSE 'y\\'::text END = b`)],
  [true, sets(`nextval('public.t_id_seq'::regclass)`)],
  [true, sets(`'{}'::text[]`)],
  [true, trigger(`WHEN ((new.a = 'x'::text)) EXECUTE FUNCTION public.f('a', 'b; c')`)],
  [true, trigger('EXECUTE PROCEDURE public.f()')],
  [true, `COMMENT ON POLICY p ON public.t IS 'said'`],
  [false, policy(`(mood = 'good'::public.mood)`)],
  [false, policy(`(tags <> '{x}'::public.d[])`)],
  // Without a type of its own it has that of what it is compared with.
  [false, policy(`(tags <> '{x}')`)],
  [false, policy(`(tags <> '{x'\n'}'::text)`)],
  [false, policy('(tags <> $${x}$$)')],
  [false, policy(`(tags <> CAST('{x}' AS public.d[]))`)],
  // What stands before a value may be its type.
  [false, policy(`(public.pair '(x)'::text = c)`)],
  [false, policy(`(public."then" '(x)'::text = c)`)],
  [false, policy(`(public.THEN '(x)'::text = c)`)],
  [false, policy(`(public.pair(3) '(x)'::text = c)`)],
  [false, policy(`(c <> '(x)'::text.pair)`)],
  [false, policy(`(c <> '(x)'::public.text)`)],
  [false, policy(`(a /* '*/ <> '{x}'::text)`)],
  // Only a trigger is given texts, and only at its end.
  [false, policy(`public.f('x')`)],
  [false, trigger(`WHEN (public.f('x')) EXECUTE FUNCTION public.f()`)],
  [false, trigger(`WHEN (a <> '{x}') EXECUTE FUNCTION public.f('a')`)],
])('reads its values with nothing of anybody: %s %s', (isPlain, statement) => {
  expect(readsPlainly(statement)).toBe(isPlain)
})

it.each([
  [true, policy(`(a <> 'x; y')`)],
  [true, policy(`(a <> 'C:\\')`)],
  [true, policy(`("a;b" = 'it''s')`)],
  [false, `${policy('true')}; DROP TABLE t`],
  [false, policy(`(a <> E'\\''); DROP TABLE t; --')`)],
  [false, policy('(a <> $x$;$x$)')],
  [false, policy('true -- ')],
  [false, policy(`(a <> 'x)`)],
])('tells whether it is one statement: %s %s', (is, statement) => {
  expect(isAlone(statement)).toBe(is)
})
