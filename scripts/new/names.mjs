import { fail } from "./changes.mjs";

/** The words of `pruneDrafts`. */
function words(name) {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[\s-]+/);
}

/** `pruneDrafts` as a file is called, as people say it, and as a component is called. */
export const kebab = (name) => words(name).join("-");
export const spoken = (name) => words(name).join(" ");
export const pascal = (name) => words(name).map(capital).join("");
export const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);

/** `notes.rename`: a folder of the studio's, and what is done there. */
export function featureAndVerb(name) {
  const [, feature, verb] = /^([a-z][A-Za-z0-9]*)\.([a-z][A-Za-z0-9]*)$/.exec(name) ?? [];
  if (!verb) fail(`${name}: say a feature and a verb, such as notes.rename`);
  return { feature, verb };
}
