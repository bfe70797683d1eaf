import type { ReactNode } from "react";
import { InBrowser } from "../../../components/shell/gates";

/** Pages that show times all over, or remember something in the browser: they are made there, inside a shell that stands already. */
export default function InBrowserLayout({ children }: { children: ReactNode }) {
  return <InBrowser>{children}</InBrowser>;
}
