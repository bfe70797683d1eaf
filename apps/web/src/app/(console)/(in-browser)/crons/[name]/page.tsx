import type { Metadata } from "next";
import { JobPage } from "../../../../../components/crons/job-page";

interface Props {
  params: Promise<{ name: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) };
}

export default async function Page({ params }: Props) {
  return <JobPage name={decodeURIComponent((await params).name)} />;
}
