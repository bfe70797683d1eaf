import type { PublicInstrument } from "@fermata/contract";
import type { GetServerSideProps, PageConfig } from "next";
import { InstrumentHead } from "../../components/instruments/public/instrument-head";
import { InstrumentPage } from "../../components/instruments/public/instrument-page";
import { NotHere } from "../../components/instruments/public/not-here";
import { instrumentScript } from "../../components/instruments/public/script/instrument-script";
import { pageClient } from "../../page-client";

interface PageProps {
  instrument: PublicInstrument | null;
  nonce: string;
}

/**
 * The page comes as it is, and what moves in it is moved by the few lines of its own script: React and Next would weigh more than
 * all the rest. While it is developed they are there, to show changes at once.
 */
export const config: PageConfig = { unstable_runtimeJS: false };

export const getServerSideProps: GetServerSideProps<PageProps> = async ({ req, res, params }) => {
  const instrument = await read(String(params?.slug), headersOf(req.headers));
  if (!instrument) res.statusCode = 404;
  return { props: { instrument, nonce: String(req.headers["x-nonce"] ?? "") } };
};

export default function Page({ instrument, nonce }: PageProps) {
  return (
    <>
      <InstrumentHead instrument={instrument} />
      {instrument ? <InstrumentPage instrument={instrument} /> : <NotHere />}
      <script
        nonce={nonce}
        // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of ours.
        dangerouslySetInnerHTML={{ __html: instrumentScript }}
      />
    </>
  );
}

async function read(slug: string, asked: Headers): Promise<PublicInstrument | null> {
  if (!/^[a-z0-9-]{1,80}$/.test(slug)) return null;
  const { trpc } = await pageClient(asked);
  return trpc.instruments.getPublic.query({ slug });
}

function headersOf(sent: NodeJS.Dict<string | string[]>): Headers {
  return new Headers(
    Object.entries(sent).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)] as [string, string]],
    ),
  );
}
