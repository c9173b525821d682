/** Which keys a translation has: those of English, with the plural forms that the other languages need beyond its two. */

type Form = 'one' | 'few' | 'many' | 'other'
type KeyOf<Key> = Key extends `${infer Base}_one` | `${infer Base}_other` ? `${Base}_${Form}` : Key

/** English counts `_one` and `_other`; a language with more forms has `_few` and `_many` too. */
export type Translated<English> = { readonly [Key in keyof English as KeyOf<Key> & string]: string }

/** The keys that callers use: one with plural forms without its suffix, and with a `count`. */
export type Singular<Key> = Key extends `${infer Base}_one` | `${infer Base}_other` ? Base : Key
