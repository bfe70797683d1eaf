import type { Metadata } from "next";
import { InstrumentEditor } from "../../../../../../components/instruments/instrument-editor";

export const metadata: Metadata = { title: "Instrument" };

export default async function Page({ params }: { params: Promise<{ instrumentId: string }> }) {
  return <InstrumentEditor instrumentId={(await params).instrumentId} />;
}
