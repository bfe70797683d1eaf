import { z } from "zod";

/** What the trivial query answers, with nobody signed in: null. */
export const user = z
  .object({
    user: z.object({
      id: z.string(),
      email: z.string(),
      name: z.string().nullable(),
      role: z.enum(["admin", "member"]),
      avatarUrl: z.string().nullable(),
    }),
  })
  .nullable();
