import { formatExact, formatRelative } from "../../lib/dates";
import { CodeLine } from "../ui/code-line";

interface InviteLinesProps {
  roomId: string;
  inviteToken: string;
  expiresAt: string;
}

/** What a guest needs in order to come in. */
export function InviteLines({ roomId, inviteToken, expiresAt }: InviteLinesProps) {
  const expires = new Date(expiresAt);
  return (
    <div className="mt-4 grid gap-3.5 text-sm">
      <div>
        <div className="mb-1.5 font-medium">Room id</div>
        <CodeLine text={roomId} what="the room id" />
      </div>
      <div>
        <div className="mb-1.5 font-medium">Invite token</div>
        <CodeLine text={inviteToken} what="the invite token" />
      </div>
      <p className="text-muted-foreground text-xs">
        Your app joins with both, by <span className="mono">signaling.join</span>. The room closes
        by itself{" "}
        <time dateTime={expiresAt} title={formatExact(expires)}>
          {formatRelative(expires, new Date())}
        </time>
        .
      </p>
    </div>
  );
}
