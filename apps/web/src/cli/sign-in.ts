import { createFermata, type Fermata, toFermataError } from "@fermata/api";
import { type Terminal, UsageError } from "fermata/internal";

type Fetch = typeof globalThis.fetch;

interface SignedIn {
  fermata: Fermata;
  /** Ends the session that was begun for this command. */
  signOut(): Promise<void>;
}

/** A client of the server at FERMATA_URL, as the bearer of FERMATA_TOKEN or as whoever answers the questions. */
export async function signIn(line: Terminal, fetch?: Fetch): Promise<SignedIn> {
  const { env } = line;
  const url = serverUrl(env);
  const options = { url, ...(fetch && { fetch }) };
  if (env.FERMATA_TOKEN) {
    return {
      fermata: createFermata({ ...options, token: env.FERMATA_TOKEN }),
      signOut: async () => {},
    };
  }
  if (!line.ask)
    throw new UsageError(
      "Set FERMATA_TOKEN. `npm run fermata -- token` in a terminal prints one, valid until it is revoked in the console.",
    );
  line.printError(`Sign in to ${url}`);
  const fermata = createFermata({
    ...options,
    token: await askForToken(line, "Command line", fetch),
  });
  return { fermata, signOut: () => revokeCurrent(fermata) };
}

/** Asks for an account and makes a token for it. */
export async function askForToken(line: Terminal, name: string, fetch?: Fetch): Promise<string> {
  if (!line.ask)
    throw new UsageError("A token is made in a terminal, where questions are answered.");
  const email = await line.ask("Email: ");
  const password = await line.ask("Password: ", { hidden: true });
  const anonymous = createFermata({
    url: serverUrl(line.env),
    ...(fetch && { fetch }),
  });
  const given = { email, password, name };
  const ask = line.ask;
  const answer = await anonymous.trpc.auth.createToken.mutate(given).catch(async (error) => {
    if (toFermataError(error).details?.secondFactor !== "required") throw error;
    const totp = await ask("Code of the authenticator app: ");
    return anonymous.trpc.auth.createToken.mutate({ ...given, totp });
  });
  return answer.token;
}

async function revokeCurrent({ trpc }: Fermata): Promise<void> {
  const { items } = await trpc.auth.sessions.query({ limit: 100 });
  const current = items.find((session) => session.current);
  if (current) await trpc.auth.revokeSession.mutate({ sessionId: current.sessionId });
}

function serverUrl(env: Terminal["env"]): string {
  return env.FERMATA_URL || env.FERMATA_PUBLIC_URL || `http://127.0.0.1:${env.PORT || 3000}`;
}
