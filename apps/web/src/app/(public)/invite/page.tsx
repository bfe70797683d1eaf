import type { Metadata } from "next";
import { Providers } from "../../../components/providers";
import { InvitePage } from "../../../components/public/invite-page";

export const metadata: Metadata = { title: "Invitation" };

export default function Page() {
  return (
    <Providers>
      <InvitePage />
    </Providers>
  );
}
