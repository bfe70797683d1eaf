import type { PageConfig } from "next";
import { PlainPage } from "../components/public/plain-page";

export const config: PageConfig = { unstable_runtimeJS: false };

/** What a public page threw while it was made. */
export default function PublicError() {
  return (
    <PlainPage title="This page failed">
      What is stored is safe. Load the page again; where it fails again, the server’s log says why.
    </PlainPage>
  );
}
