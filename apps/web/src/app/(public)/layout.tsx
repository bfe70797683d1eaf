import type { ReactNode } from "react";
import { Entrance } from "../../components/public/entrance";

export default function PublicLayout({ children }: { children: ReactNode }) {
  return <Entrance>{children}</Entrance>;
}
