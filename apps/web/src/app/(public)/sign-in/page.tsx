import type { Metadata } from "next";
import { headers } from "next/headers";
import { SignInPage } from "../../../components/public/sign-in-page";
import { pageClient } from "../../../page-client";

export const metadata: Metadata = { title: "Sign in" };

export default async function Page() {
  return <SignInPage {...(await waysIn())} />;
}

/** Where the server cannot say, the form stands there all the same: whoever uses it is told what is wrong. */
async function waysIn() {
  try {
    const { trpc } = await pageClient(await headers());
    const { signUp, signInProviders } = await trpc.settings.public.query();
    return { isOpen: signUp === "open", providers: signInProviders };
  } catch {
    return { isOpen: false, providers: [] };
  }
}
