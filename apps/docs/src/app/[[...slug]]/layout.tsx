import { DocsLayout } from "fumadocs-ui/layouts/docs";
import Image from "next/image";
import type { ReactNode } from "react";
import { tree } from "../../tree";
import icon from "../icon.svg";

const name = (
  <span className="site-name">
    <Image src={icon} alt="" />
    Fermata
  </span>
);

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <DocsLayout tree={tree} nav={{ title: name }} sidebar={{ prefetch: false }}>
      {children}
    </DocsLayout>
  );
}
