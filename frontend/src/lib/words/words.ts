/* Message catalogues: typed keys, typed placeholders, plurals by the locale's own rules, and a pseudo-locale. */
import { en } from "./en/catalogue";

export type Catalogue = Readonly<Record<Word, string>>;
export type Word = keyof typeof en;
type Placeholders<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never;
export type Facts<Key extends Word> = Readonly<Record<Placeholders<(typeof en)[Key]>, string | number>>;
type FactsOf<Key extends Word> = [Placeholders<(typeof en)[Key]>] extends [never] ? [] : [Facts<Key>];
type PluralStem = Word extends infer Key ? (Key extends `${infer Stem}.other` ? Stem : never) : never;

export interface Words {
  /** The language tag, for dates and numbers. */
  readonly locale: string;
  /** One message, its placeholders filled. */
  say<Key extends Word>(key: Key, ...facts: FactsOf<Key>): string;
  /** The message for a count, by the locale's plural rules; `{count}` is filled. */
  count(stem: PluralStem, count: number): string;
  /** The message of a key that the server chose, if the catalogue knows it. */
  find(key: string, facts?: Readonly<Record<string, unknown>>): string | undefined;
}

export function wordsFrom(catalogue: Catalogue, locale: string): Words {
  const plurals = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  const known = (key: string): key is Word => Object.hasOwn(catalogue, key);
  return {
    locale,
    say: (key, ...[facts]) => fill(catalogue[key], facts ?? {}),
    count: (stem, count) => {
      const exact = `${stem}.${plurals.select(count)}`;
      const found: Word = known(exact) ? exact : (`${stem}.other` as Word);
      return fill(catalogue[found], { count: numbers.format(count) });
    },
    find: (key, facts = {}) => (known(key) ? fill(catalogue[key], facts) : undefined),
  };
}

function fill(text: string, facts: Readonly<Record<string, unknown>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const fact = facts[name];
    return typeof fact === "string" || typeof fact === "number" ? String(fact) : whole;
  });
}

const PSEUDO_LETTERS: Readonly<Record<string, string>> = Object.fromEntries(
  [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"].map((letter, at) => [
    letter,
    [..."åƀçđéƒĝĥîĵķļɱñöþɋŕšţüṽŵẋýžÅƁÇĐÉƑĜĤÎĴĶĻṀÑÖÞɊŔŠŢÛṼŴẊÝŽ"][at] ?? letter,
  ]),
);

/** The pseudo-locale: every letter accented, a third longer, placeholders kept. Text left in plain letters is a straggler. */
export function pseudo(text: string): string {
  const accented = text
    .split(/(\{\w+\})/)
    .map((part) => (part.startsWith("{") ? part : [...part].map((letter) => PSEUDO_LETTERS[letter] ?? letter).join("")))
    .join("");
  return `⟦${accented}${"·".repeat(Math.ceil(text.length / 3))}⟧`;
}

export function pseudoCatalogue(): Catalogue {
  return Object.fromEntries(Object.entries(en).map(([key, text]) => [key, pseudo(text)])) as Catalogue;
}

export const english = wordsFrom(en, "en-GB");
