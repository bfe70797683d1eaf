"use client";

import type { User } from "@fermata/api";
import { createContext, useContext } from "react";
import type { Reader } from "../../lib/navigation";

export const MeContext = createContext<User | null>(null);

/** Stands for whoever opened the console on an app's own data: nobody's sign-in. */
export const operator: User = {
  id: "operator",
  email: "",
  name: "Operator",
  role: "admin",
  avatarUrl: null,
};

/** Whether these pages show an app's data to its operator, without anything of the studio's. */
export function useIsOperator(): boolean {
  return useMe() === operator;
}

export function useReader(): Reader {
  const { role } = useMe();
  return { role, isOperator: useIsOperator() };
}

/** Who is signed in. Everything inside the console's layout may rely on it. */
export function useMe(): User {
  const me = useContext(MeContext);
  if (!me) throw new Error("useMe works only inside the console's layout.");
  return me;
}
