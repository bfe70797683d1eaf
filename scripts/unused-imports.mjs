/** A module's text without the imports of which it uses nothing. */
export function withoutUnusedImports(text) {
  return text.replace(/^import (?:type )?([^"]+) from "[^"]+";\n/gm, (line, bindings) => {
    const names = namesIn(text.replace(line, ""));
    return namesOf(bindings).some((one) => names.has(one)) ? line : "";
  });
}

/** What `a, { b, type c as d }` or `* as e` brings in. */
function namesOf(bindings) {
  return bindings
    .replace(/[{}]/g, "")
    .split(",")
    .map((one) => one.trim().split(/\s+/).at(-1))
    .filter(Boolean);
}

/** Every word of it. A name may have a `$`, as those have that a bundler makes. */
function namesIn(text) {
  return new Set(text.match(/[\w$]+/g));
}
