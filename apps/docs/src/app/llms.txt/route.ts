import { source } from "../../source";

export const dynamic = "force-static";

export function GET(): Response {
  const lines = source.getPages().map(({ data, url }) => `- [${data.title}](/docs${url})`);
  return new Response(`# Fermata\n\n${lines.join("\n")}\n`);
}
