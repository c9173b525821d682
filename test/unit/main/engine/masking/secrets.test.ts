import { describe, expect, it } from 'vitest'
import {
  createSecretMask,
  isSecretName,
  SECRET_MASK as M,
} from '../../../../../src/main/engine/masking/secrets.ts'
import { plantSecrets } from '../../../../support/planted-secrets.ts'

const mask = createSecretMask([])

describe('secrets by their form and their name', () => {
  it.each([
    [
      'a URL',
      'connecting to postgresql://app:hunter2@db:5432/shop',
      `connecting to postgresql://app:${M}@db:5432/shop`,
    ],
    ['a URL without a user', 'redis://:hunter2@cache/0', `redis://:${M}@cache/0`],
    ['a password with an at sign', 'amqp://a:p@ss@mq/', `amqp://a:${M}@mq/`],
    ['a header', 'Authorization: Bearer abcdef0123456789', `Authorization: ${M}`],
    ['a header in JSON', '{"authorization":"Basic dXNlcjpwYXNz","a":1}', `{"authorization":"${M}","a":1}`],
    ['a bare bearer', 'sent Bearer abcdef0123456789', `sent Bearer ${M}`],
    ['a cookie', 'Cookie: session=abc; csrf=def', `Cookie: ${M}`],
    ['a JWT', 'got eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl ok', `got ${M} ok`],
    ['AWS', 'key AKIAIOSFODNN7EXAMPLE used', `key ${M} used`],
    ['GitHub', 'ghp_0123456789abcdefghijABCDEFGHIJ', M],
    ['password=', 'login user=anna password=hunter2 ok', `login user=anna password=${M} ok`],
    ['quoted', "password = 'hunter 2', next", `password = '${M}', next`],
    ['JSON', '{"db_password":"hun\\"ter2","port":5432}', `{"db_password":"${M}","port":5432}`],
    [
      'JSON within a string',
      '"{\\"api_key\\":\\"abc123def\\",\\"a\\":1}"',
      `"{\\"api_key\\":\\"${M}\\",\\"a\\":1}"`,
    ],
    [
      'a parameter of a URL',
      'GET /cb?code=1&access_token=abc.def&x=1',
      `GET /cb?code=1&access_token=${M}&x=1`,
    ],
    ['an option', 'run --password hunter2 --port 5', `run --password ${M} --port 5`],
    ['SQL', "ALTER ROLE app PASSWORD 'hunter2'", `ALTER ROLE app PASSWORD '${M}'`],
    ['Redis', 'CONFIG SET requirepass hunter2', `CONFIG SET requirepass ${M}`],
    ['Python', "{'secret_key': 'abc', 'debug': True}", `{'secret_key': '${M}', 'debug': True}`],
    ['a private key', 'x -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- y', `x ${M} y`],
    ['a private key that is cut', '-----BEGIN PRIVATE KEY-----\nMIIE', M],
  ])('%s', (_, text, expected) => {
    expect(mask(text)).toBe(expected)
  })

  it.each([
    'GET /orders 200 in 12 ms',
    'token_count=512 max_tokens_limit=9000',
    'the password was wrong',
    'password: null',
    'http://db:5432/shop',
    'session_id_hint=x',
    '{"token_type":"bearer","expires_in":3600}',
  ])('leaves %j', (text) => {
    expect(mask(text)).toBe(text)
  })

  it('knows names of secrets', () => {
    for (const name of [
      'password',
      'DB_PASSWORD',
      'req.headers.authorization',
      'apiKey',
      'client_secret',
      'x-auth-token',
    ])
      expect({ name, is: isSecretName(name) }).toEqual({ name, is: true })
    for (const name of ['user', 'token_count', 'path', 'keyboard', 'password_expires_at', 'monkey'])
      expect({ name, is: isSecretName(name) }).toEqual({ name, is: false })
  })

  it('takes time in proportion to the length', () => {
    const began = performance.now()
    mask(`password="${'\\"'.repeat(30_000)}`)
    mask('token'.repeat(12_000))
    mask(`${'a.-'.repeat(20_000)}secret`)
    mask('://'.repeat(20_000))
    expect(performance.now() - began).toBeLessThan(5_000)
  })
})

describe('values that are known', () => {
  it('are nowhere, in whatever form they are written', () => {
    const planted = plantSecrets()
    const secret = planted.plant('vault')
    const known = createSecretMask([secret])
    const forms = [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret),
      Buffer.from(secret).toString('base64'),
      Buffer.from(secret).toString('base64url'),
      Buffer.from(secret).toString('hex'),
    ]
    const shown = forms.map((form) => known(`said ${form} here`))
    expect(planted.findIn({ shown: shown.join('\n') })).toEqual([])
    for (const text of shown) expect(text).toMatch(/^said .*here$/)
  })

  it('are masked by the line where they are keys, and not at all where they are words', () => {
    const key = `-----BEGIN KEY-----\n${'a1'.repeat(20)}\n${'b2'.repeat(20)}\n-----END KEY-----`
    expect(createSecretMask([key])(`x ${'b2'.repeat(20)} y`)).toBe(`x ${M} y`)
    expect(createSecretMask(['abc'])('abcdef')).toBe('abcdef')
  })
})
