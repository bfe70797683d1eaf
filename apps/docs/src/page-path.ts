/** Where a file of the repository stands in the site: `docs/files.md` is `files`, the README is the first page. */
export function pagePath(file: string): string {
  return file
    .replace(/^docs\//, "")
    .replace(/(^|\/)README\.md$/, "")
    .replace(/\.md$/, "")
    .replace(/^[A-Z]+$/, (name) => name.toLowerCase());
}
