import { $Enums, Prisma } from "../generated/prisma/client";

/**
 * Every name that our statements give to something of ours in the database: models, the enums that they cast to, and the
 * books of the migrations.
 */
const names = [...Object.keys(Prisma.ModelName), ...Object.keys($Enums), "_prisma_migrations"];
// Not behind a dot, where the name is qualified already, and not before one that follows an alias of the same name.
const pattern = new RegExp(`(?<![."\\w])"(${names.join("|")})"`, "g");
const mostTexts = 2_000;

/**
 * Puts a schema before our tables in statements written by hand, for connections that keep no `search_path`: behind a
 * transaction pooler each statement may meet another session.
 */
export function createTableQualifier(schema: string): (text: string) => string {
  const known = new Map<string, string>();
  const prefix = `"${schema.replaceAll('"', '""')}".`;
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const qualified = text.replace(pattern, `${prefix}"$1"`);
    // Prisma makes a text for each length of a list.
    if (known.size >= mostTexts) known.clear();
    known.set(text, qualified);
    return qualified;
  };
}
