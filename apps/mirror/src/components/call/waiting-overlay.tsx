import { CopyField } from "../ui/copy-field";
import { Sign } from "../ui/sign";

interface WaitingOverlayProps {
  title: string;
  detail: string;
  /** Null for guests: they were sent it, and need not send it on. */
  invite: string | null;
}

export function WaitingOverlay({ title, detail, invite }: WaitingOverlayProps) {
  return (
    <div className="overlay overlay-calm">
      <div className="overlay-words">
        <Sign className="overlay-sign" />
        <h3>{title}</h3>
        <p>{detail}</p>
      </div>
      {invite && (
        <div className="overlay-invite">
          <CopyField label="Invite link" text={invite} />
        </div>
      )}
    </div>
  );
}
