// Files that are made, and lines that are put into files that are there. Nothing is written until all of it fits.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A file that is made: one that is there already is an error. */
export function make(path, text) {
  return { path, apply: (before) => (before === null ? text : fail(`${path} is there already`)) };
}

/** `line` before the first place in the file where `mark` begins, or after its end. */
export function insert(path, { before, after, line }) {
  const mark = before ?? after;
  return {
    path,
    apply(text) {
      if (text === null) fail(`${path} is not there`);
      if (text.includes(line.trim())) fail(`${path} has it already: ${line.trim().split("\n")[0]}`);
      const at = typeof mark === "string" ? text.indexOf(mark) : text.search(mark);
      if (at < 0) fail(`${path} has no place for it: looked for ${mark}`);
      const end = typeof mark === "string" ? mark.length : text.match(mark)[0].length;
      const position = before ? at : at + end;
      return text.slice(0, position) + line + text.slice(position);
    },
  };
}

/** An import; the formatter puts it where it belongs, and into one with others of that module. */
export function importing(path, name, from) {
  return {
    path,
    apply(text) {
      const one = new RegExp(`import \\{([^}]*)\\} from "${from.replaceAll("/", "\\/")}";`);
      const [statement, names] = text.match(one) ?? [];
      if (!statement) return `import { ${name} } from "${from}";\n${text}`;
      if (names.split(",").some((other) => other.trim() === name)) return text;
      return text.replace(statement, statement.replace("{", `{ ${name}, `));
    },
  };
}

/** @returns {string[]} the paths that were written */
export function write(root, changes) {
  const texts = new Map();
  for (const { path, apply } of changes) {
    const file = join(root, path);
    const before = texts.get(path) ?? (existsSync(file) ? readFileSync(file, "utf8") : null);
    texts.set(path, apply(before));
  }
  for (const [path, text] of texts) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return [...texts.keys()];
}

export function fail(message) {
  throw new Error(message);
}
