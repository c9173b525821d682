/** Puts in what `%h` and the like and `${NAME}` stand for: ssh_config(5), "TOKENS" and "ENVIRONMENT VARIABLES". */

export type Expansion =
  | { readonly text: string }
  /** What was not understood: a token that does not stand for anything here, or a variable that is not set. */
  | { readonly token: string }
  | { readonly variable: string }

/**
 * @param tokens what each letter stands for where the text stands
 * @param env `null` where variables are not put in
 */
export function expand(
  text: string,
  tokens: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string | undefined>> | null,
): Expansion {
  let out = ''
  for (let at = 0; at < text.length; at += 1) {
    const here = text[at] ?? ''
    if (env !== null && here === '$' && text[at + 1] === '{') {
      const end = text.indexOf('}', at)
      const name = text.slice(at + 2, end === -1 ? undefined : end)
      const value = end === -1 ? undefined : env[name]
      if (value === undefined) return { variable: name }
      out += value
      at = end
    } else if (here === '%') {
      const letter = text[at + 1] ?? ''
      const value = letter === '%' ? '%' : Object.hasOwn(tokens, letter) ? tokens[letter] : undefined
      if (value === undefined) return { token: `%${letter}` }
      out += value
      at += 1
    } else {
      out += here
    }
  }
  return { text: out }
}
