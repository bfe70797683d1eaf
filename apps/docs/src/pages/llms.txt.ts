import { getCollection } from "astro:content";

export async function GET(): Promise<Response> {
  const pages = await getCollection("docs");
  const lines = pages
    .map(({ id, data: { title } }) => ({ path: id === "index" ? "/" : `/${id}/`, title }))
    .sort((one, other) => (one.path < other.path ? -1 : 1))
    .map(({ path, title }) => `- [${title}](/docs${path})`);
  return new Response(`# Fermata\n\n${lines.join("\n")}\n`);
}
