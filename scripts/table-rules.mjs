// Which statements of a source touch which tables, and whether the folder it lies in may. A statement whose table is no word of
// its text is not seen.

/** A folder is a feature: of the library, of the command, or of the studio. */
export function folderOf(path) {
  const [, folder] =
    /^(packages\/(?:server|cli)\/src\/[^/]+|apps\/web\/src\/(?:studio\/)?[^/]+)\//.exec(path) ?? [];
  return (folder ?? path)
    .replace("packages/server/src/", "")
    .replace("packages/cli/src/", "cli/")
    .replace("apps/web/src/", "web/");
}

/**
 * @param {string} source
 * @param {string[]} tables as the data model calls them
 * @returns {{ table: string, writes: boolean }[]} one a table
 */
export function tablesIn(source, tables) {
  return tables.flatMap((table) => {
    const model = `${table[0].toLowerCase()}${table.slice(1)}`;
    const writes =
      new RegExp(`\\b(INSERT INTO|UPDATE|DELETE FROM|MERGE INTO|TRUNCATE)\\s+"${table}"`).test(
        source,
      ) ||
      new RegExp(`\\b(db|tx)\\s*\\.${model}\\s*\\.(create|update|upsert|delete)`).test(source) ||
      new RegExp(`deleteInBatches\\([^)]*table: "${table}"`).test(source);
    const reads =
      new RegExp(`\\b(FROM|JOIN|USING)\\s+(former\\s+)?"${table}"`).test(source) ||
      new RegExp(`\\b(db|tx)\\s*\\.${model}\\s*\\.`).test(source);
    return writes || reads ? [{ table, writes }] : [];
  });
}

/**
 * @param {{ path: string, source: string }[]} files
 * @param {Record<string, { owner: string, readBy?: string[], writtenBy?: string[] }>} rules
 *   `writtenBy` names single files that may write beside the owner
 * @returns {string[]} what is against them, and which of them nothing needs any more
 */
export function problemsOf(files, rules) {
  const problems = [];
  const unused = new Set(
    Object.entries(rules).flatMap(([table, { readBy = [], writtenBy = [] }]) =>
      [...readBy, ...writtenBy].map((who) => `${table} ${who}`),
    ),
  );
  for (const { path, source } of files) {
    const folder = folderOf(path);
    for (const { table, writes } of tablesIn(source, Object.keys(rules))) {
      const { owner, readBy = [], writtenBy = [] } = rules[table];
      if (folder === owner) continue;
      const file = path.slice(path.lastIndexOf("/") + 1);
      unused.delete(`${table} ${folder}`);
      if (writes) {
        unused.delete(`${table} ${folder}/${file}`);
        if (!writtenBy.includes(`${folder}/${file}`))
          problems.push(`${path} writes "${table}", which is ${owner}'s: have it offer that`);
      } else if (!readBy.includes(folder)) {
        problems.push(`${path} reads "${table}", which is ${owner}'s: scripts/table-owners.mjs`);
      }
    }
  }
  return [...problems, ...[...unused].map((rule) => `${rule}: nothing needs that exception now`)];
}
