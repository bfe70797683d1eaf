import type { Metadata } from "next";
import { Providers } from "../../../components/providers";
import { SignUpPage } from "../../../components/public/sign-up-page";

export const metadata: Metadata = { title: "Create an account" };

export default function Page() {
  return (
    <Providers>
      <SignUpPage />
    </Providers>
  );
}
