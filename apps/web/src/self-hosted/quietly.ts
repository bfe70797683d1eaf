/** Next says that it read its configuration, which is nobody's concern at a start. */
export async function quietly(prepare: () => Promise<void>): Promise<void> {
  const { log } = console;
  console.log = (...words: unknown[]) => {
    if (!/ Running next\.config/.test(words.join(" "))) log(...words);
  };
  await prepare().finally(() => {
    console.log = log;
  });
}
