const leastBytes = 8 * 1024;

/** What V8 is to compile while it arrives begins with this. */
export const compileAhead = "//# allFunctionsCalledOnLoad\n";

/** The scripts that a page names in its HTML and that are worth compiling ahead. */
export async function largeScripts(address: string): Promise<string[]> {
  const html = await (await fetch(address)).text();
  const scripts = [...html.matchAll(/<script[^>]* src="([^"]+)"/g)].map(([, src = ""]) => src);
  const texts = await Promise.all(
    scripts.map(async (src) => (await fetch(new URL(src, address))).text()),
  );
  return texts.filter((text) => text.length >= leastBytes);
}
