import { z } from "zod";
import { limits } from "./limits";

/** An instant as ISO 8601 in UTC. */
export const instantSchema = z.iso.datetime();

/** An opaque id of printable ASCII. Its shape is nobody's business but the server's. */
export const idSchema = z.string().regex(/^[\x20-\x7e]{1,128}$/, "not an id");

/** PostgreSQL's text holds no NUL, and half of a surrogate pair is no character. */
export const keepable = [/^[^\0\ud800-\udfff]*$/u, "holds a NUL or half a character"] as const;

/** Text that can be kept. Every text that a caller gives begins with this, unless its own pattern is narrower. */
export const textSchema = z.string().regex(...keepable);

/** A name as it is read: one in another Unicode form is the same one. */
export const nameSchema = textSchema.normalize("NFC").trim().min(1).max(120);

export const sizeBytesSchema = z.number().int().nonnegative();

/** A hex SHA-256. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/i, "64 hexadecimal digits");

/** A base64 MD5, the shape of a Content-MD5 header. */
export const md5Schema = z
  .string()
  .regex(/^[A-Za-z0-9+/]{22}==$/, "an MD5 in base64, 24 characters");

export const contentTypeSchema = textSchema
  .max(255)
  .regex(/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(\s*;.*)?$/, "a media type such as image/png");

export const filenameSchema = textSchema.min(1).max(limits.filenameChars);

export const pageInputSchema = z.object({
  limit: z.number().int().min(1).max(limits.pageItems).default(50),
  cursor: textSchema.max(512).nullish(),
});
export type PageInput = z.infer<typeof pageInputSchema>;

/** An upload by a rule of the app's own. */
export const byRule = {
  as: textSchema.min(1).max(100).optional().describe("The rule's name."),
  input: z.unknown().optional().describe("What the rule takes along; its shape is the rule's."),
};

export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}
