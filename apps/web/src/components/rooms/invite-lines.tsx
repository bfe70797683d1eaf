import { formatExact, formatRelative } from "../../lib/dates";
import { buttonClass } from "../ui/button";
import { CodeLine } from "../ui/code-line";
import { QrCode } from "../ui/qr-code";

interface InviteLinesProps {
  roomId: string;
  inviteToken: string;
  expiresAt: string;
  /** Leads into the room, by Piano Mirror. */
  inviteUrl?: string | undefined;
  /** Seats in the room; left out, two. */
  capacity?: number | undefined;
}

/** What Piano Mirror, which is made for two, does with other numbers of seats. */
function explainSeats(capacity: number): string | null {
  if (capacity === 2) return null;
  if (capacity === 1) return "The room has one seat: whoever comes first is alone in it.";
  return "Piano Mirror is made for two: it puts you and one other over each other, and shows everybody else small, beside the two. All see and hear each other.";
}

/** What a guest needs in order to come in: a link, where there is one, and what it is made of. */
export function InviteLines({ inviteUrl, capacity = 2, ...invite }: InviteLinesProps) {
  const expires = new Date(invite.expiresAt);
  const seats = explainSeats(capacity);
  return (
    <div className="mt-4 grid grid-cols-1 gap-3.5 text-sm">
      {inviteUrl ? (
        <>
          <div className="flex items-center gap-4 max-md:flex-col max-md:items-stretch">
            <QrCode
              text={inviteUrl}
              label="QR code of the invite link"
              className="size-[148px] shrink-0 max-md:mx-auto"
            />
            <div className="min-w-0 flex-1">
              <div className="mb-1.5 font-medium">Invite link</div>
              <CodeLine text={inviteUrl} what="the invite link" />
              <p className="mt-2 text-muted-foreground text-xs">
                Whoever has it gets in, in Piano Mirror, without an account: a phone by its camera.
              </p>
              {seats && <p className="mt-2 text-muted-foreground text-xs">{seats}</p>}
              <a
                href={inviteUrl}
                target="_blank"
                rel="noreferrer"
                className={buttonClass({ size: "sm", className: "mt-2.5" })}
              >
                Open Piano Mirror
              </a>
            </div>
          </div>
          <details>
            <summary className="cursor-pointer text-muted-foreground text-xs">
              For an app of your own
            </summary>
            <Parts {...invite} />
          </details>
        </>
      ) : (
        <Parts {...invite} />
      )}
      <p className="text-muted-foreground text-xs">
        The room closes by itself{" "}
        <time dateTime={invite.expiresAt} title={formatExact(expires)}>
          {formatRelative(expires, new Date())}
        </time>
        .
      </p>
    </div>
  );
}

function Parts({ roomId, inviteToken }: Pick<InviteLinesProps, "roomId" | "inviteToken">) {
  return (
    <div className="mt-3 grid grid-cols-1 gap-3.5 first:mt-0">
      <div>
        <div className="mb-1.5 font-medium">Room id</div>
        <CodeLine text={roomId} what="the room id" />
      </div>
      <div>
        <div className="mb-1.5 font-medium">Invite token</div>
        <CodeLine text={inviteToken} what="the invite token" />
      </div>
      <p className="text-muted-foreground text-xs">
        Your app joins with both, by <span className="mono">signaling.join</span>.
      </p>
    </div>
  );
}
