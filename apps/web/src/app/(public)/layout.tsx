import type { ReactNode } from "react";
import { Providers } from "../../components/providers";
import { Entrance } from "../../components/public/entrance";

export default function PublicLayout({ children }: { children: ReactNode }) {
  return (
    <Providers>
      <Entrance>{children}</Entrance>
    </Providers>
  );
}
