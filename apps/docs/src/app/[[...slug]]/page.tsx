import { DocsBody, DocsPage } from "fumadocs-ui/layouts/docs/page";
import defaultComponents from "fumadocs-ui/mdx";
import { notFound } from "next/navigation";
import { Live } from "../../live/live";
import { source } from "../../source";

const components = { ...defaultComponents, "live-component": Live };

interface Props {
  params: Promise<{ slug?: string[] }>;
}

export default async function Page({ params }: Props) {
  const page = source.getPage((await params).slug);
  if (!page) notFound();
  const { body: Body, toc } = page.data;
  return (
    <DocsPage toc={toc}>
      <DocsBody>
        <Body components={components} />
      </DocsBody>
    </DocsPage>
  );
}

export const generateStaticParams = () => source.generateParams();

export async function generateMetadata({ params }: Props) {
  return { title: source.getPage((await params).slug)?.data.title };
}
