import { limits } from "@fermata/contract";

/** Letters that do not come apart into a plain one and an accent. */
const plainLetters: Record<string, string> = {
  ß: "ss",
  æ: "ae",
  ø: "o",
  œ: "oe",
  đ: "d",
  ð: "d",
  ł: "l",
  þ: "th",
};

/** `Osterlind 204, Göteborg` becomes `osterlind-204-goteborg`. */
export function slugOf(name: string): string {
  const slug = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\P{ASCII}/gu, (letter) => plainLetters[letter] ?? letter)
    .replace(/\p{Mark}/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, limits.instruments.slugChars - 4)
    .replace(/^-+|-+$/g, "");
  return slug || "instrument";
}

/** The first of `slug`, `slug-2`, `slug-3`, … that is not among those taken. */
export function freeSlug(slug: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? slug : `${slug}-${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}
