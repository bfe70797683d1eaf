// Which licences of others go into what is published or deployed.

/** They ask for their text to be kept, and for nothing else. */
const permissive = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC-BY-4.0",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MIT-0",
  "OFL-1.1",
  "Unlicense",
  "Zlib",
]);

/** Others, by name and why they may be used. The version may change, the licence may not. */
const exceptions = [
  [/^(@img\/)?sharp-libvips-/, "LGPL-3.0-or-later", "a shared library that sharp loads, unchanged"],
  [/^libheif-js$/, "LGPL-3.0", "a WebAssembly module of its own, unchanged"],
  [/^codec-parser$/, "LGPL-3.0-or-later", "loaded with the optional decoder of Vorbis, unchanged"],
  [/^mediabunny$/, "MPL-2.0", "used as it is published"],
  [/^lightningcss/, "MPL-2.0", "builds the style sheets, and is in none of them"],
];

/**
 * @param {{ name: string, licence: string | null }} component
 * @returns {string | null} what is the matter; null for nothing
 */
export function problemOf({ name, licence }) {
  if (!licence) return `${name} names no licence`;
  if (isPermissive(licence)) return null;
  if (exceptions.some(([names, allowed]) => names.test(name) && allowed === licence)) return null;
  return `${name} is under ${licence}`;
}

/** Of an expression, each part that has to be kept. */
function isPermissive(expression) {
  const text = expression.replace(/^\((.*)\)$/, "$1").trim();
  if (/[()]/.test(text)) return false;
  return text
    .split(/\s+or\s+/i)
    .some((choice) => choice.split(/\s+and\s+/i).every((one) => permissive.has(one.trim())));
}
