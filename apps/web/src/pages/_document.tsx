import Document, {
  type DocumentContext,
  type DocumentInitialProps,
  Head,
  Html,
  Main,
  NextScript,
} from "next/document";
import { themeScript } from "../lib/theme-script";

interface Props extends DocumentInitialProps {
  nonce: string;
}

/** What stands around a page that is no part of the console. */
export default class PublicDocument extends Document<Props> {
  static override async getInitialProps(context: DocumentContext): Promise<Props> {
    const nonce = String(context.req?.headers["x-nonce"] ?? "");
    return { ...(await Document.getInitialProps(context)), nonce };
  }

  override render() {
    const { nonce } = this.props;
    return (
      <Html lang="en">
        <Head nonce={nonce}>
          <meta name="theme-color" media="(prefers-color-scheme: light)" content="#fbfaf6" />
          <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#16130f" />
          <link rel="icon" href="/icon.svg" type="image/svg+xml" sizes="any" />
        </Head>
        <body>
          <script
            nonce={nonce}
            // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of ours.
            dangerouslySetInnerHTML={{ __html: themeScript }}
          />
          <Main />
          <NextScript nonce={nonce} />
        </body>
      </Html>
    );
  }
}
