import type { PeerRoomSnapshot, RemotePeer } from "@fermata/api";
import { Check } from "lucide-react";
import { useNow } from "../../hooks/use-now";
import { type ReconnectStep, reconnectSteps } from "../../room/reconnect-steps";
import { firstName, possessive, shortClock } from "../../text";
import { Sign } from "../ui/sign";
import { useStepTimes } from "./use-peer-room";

interface ReconnectOverlayProps {
  peer: RemotePeer;
  relayProvider: PeerRoomSnapshot["relayProvider"];
  /** After how long it counts as failed. */
  limitMs: number;
}

/** Over the last picture: what is being done, and that nothing has to be. */
export function ReconnectOverlay({ peer, relayProvider, limitMs }: ReconnectOverlayProps) {
  const now = useNow(500);
  const steps = reconnectSteps(useStepTimes(peer), peer.step, relayProvider);
  const name = firstName(peer.displayName);
  const passed = Math.min(limitMs, Math.max(0, now - peer.stateSince));
  return (
    <div className="overlay">
      <div className="overlay-words">
        <Sign className="overlay-sign" />
        <h3>Holding {possessive(name)} seat</h3>
        <p>
          The picture is the last one we received. Keep playing if you like: your piano still sounds
          here, and {name} will hear you again once the line is back.
        </p>
        <p className="mono">
          {shortClock(passed)} of {shortClock(limitMs)}
        </p>
      </div>
      <ol className="steps">
        {steps.map((step) => (
          <Step key={step.title} {...step} />
        ))}
      </ol>
    </div>
  );
}

function Step({ title, detail, status, atMs }: ReconnectStep) {
  return (
    <li data-status={status} aria-current={status === "now" ? "step" : undefined}>
      <span className="step-mark" aria-hidden="true">
        {status === "done" && <Check className="icon" />}
      </span>
      <span className="choice-text">
        <span className="choice-title">{title}</span>
        <span className="choice-detail">{detail}</span>
      </span>
      {atMs !== null && <span className="mono">{shortClock(atMs)}</span>}
    </li>
  );
}
