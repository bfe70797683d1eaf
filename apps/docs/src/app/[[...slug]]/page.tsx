import { DocsBody, DocsPage } from "fumadocs-ui/layouts/docs/page";
import defaultComponents from "fumadocs-ui/mdx";
import { notFound } from "next/navigation";
import { source } from "../../source";

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
        <Body components={defaultComponents} />
      </DocsBody>
    </DocsPage>
  );
}

export const generateStaticParams = () => source.generateParams();

export async function generateMetadata({ params }: Props) {
  return { title: source.getPage((await params).slug)?.data.title };
}
