"use client";

import type { User } from "@fermata/api";
import { createContext, useContext } from "react";

export const MeContext = createContext<User | null>(null);

/** Who is signed in. Everything inside the console's layout may rely on it. */
export function useMe(): User {
  const me = useContext(MeContext);
  if (!me) throw new Error("useMe works only inside the console's layout.");
  return me;
}
