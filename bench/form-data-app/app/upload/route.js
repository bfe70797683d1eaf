import { createHash, randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** An upload as most Next applications take it: the form's file as a whole, and then to the disk. */
export async function POST(request) {
  const file = (await request.formData()).get("file");
  if (!(file instanceof File)) return new Response(null, { status: 400 });
  const bytes = Buffer.from(await file.arrayBuffer());
  await writeFile(
    join(/* turbopackIgnore: true */ process.env.UPLOADS_DIR ?? "", randomUUID()),
    bytes,
  );
  return Response.json({ sha256: createHash("sha256").update(bytes).digest("hex") });
}
