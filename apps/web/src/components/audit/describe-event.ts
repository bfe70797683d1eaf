import type { AuditEvent, AuditKind } from "@fermata/contract";
import {
  Ban,
  CircleCheck,
  HardDrive,
  KeyRound,
  Link2,
  LogIn,
  LogOut,
  type LucideIcon,
  Settings2,
  Shield,
  ShieldAlert,
  ShieldOff,
  Trash2,
  UserCog,
  UserPlus,
} from "lucide-react";
import { plural } from "../../lib/format";

interface Description {
  icon: LucideIcon;
  /** Something to look at, or to act on. */
  tone?: "warning";
  text(event: AuditEvent): string;
}

const whom = ({ subject }: AuditEvent) => subject?.email ?? "an account that does not exist";

const descriptions: Record<AuditKind, Description> = {
  "signIn.succeeded": {
    icon: LogIn,
    text: ({ details }) =>
      details.provider
        ? `Signed in with ${details.provider}`
        : details.secondFactor
          ? "Signed in with a second factor"
          : "Signed in",
  },
  "signIn.failed": {
    icon: ShieldAlert,
    tone: "warning",
    text: (event) => `${plural(event.count, "failed sign-in")} at ${whom(event)}`,
  },
  "session.revoked": { icon: LogOut, text: ({ details }) => `Revoked ${details.session}` },
  "password.changed": { icon: KeyRound, text: () => "Changed their password" },
  "password.reset": {
    icon: KeyRound,
    text: (event) =>
      event.details.terminal
        ? `Reset the password of ${whom(event)} in the terminal`
        : "Set a new password by a link",
  },
  "resetLink.created": { icon: Link2, text: (event) => `Made a reset link for ${whom(event)}` },
  "user.created": {
    icon: UserPlus,
    text: (event) => `Created ${whom(event)} as ${event.details.role}`,
  },
  "user.invited": {
    icon: UserPlus,
    text: (event) => `Invited ${whom(event)}${event.details.again ? " again" : ""}`,
  },
  "user.signedUp": { icon: UserPlus, text: () => "Signed up" },
  "invitation.accepted": { icon: CircleCheck, text: () => "Accepted the invitation" },
  "user.roleChanged": {
    icon: UserCog,
    text: (event) =>
      `Made ${whom(event)} ${event.details.to === "admin" ? "an admin" : "a member"}`,
  },
  "user.disabled": { icon: Ban, text: (event) => `Disabled ${whom(event)}` },
  "user.enabled": { icon: CircleCheck, text: (event) => `Enabled ${whom(event)}` },
  "user.removed": {
    icon: Trash2,
    text: (event) =>
      event.details.handedOverTo
        ? `Removed ${whom(event)}, all handed over to ${event.details.handedOverTo}`
        : `Removed ${whom(event)} and all of theirs`,
  },
  "secondFactor.turnedOn": { icon: Shield, text: () => "Turned the second factor on" },
  "secondFactor.turnedOff": { icon: ShieldOff, text: () => "Turned the second factor off" },
  "secondFactor.reset": {
    icon: ShieldOff,
    text: (event) => `Took the second factor of ${whom(event)} away`,
  },
  "recoveryCode.used": {
    icon: ShieldAlert,
    tone: "warning",
    text: () => "Signed in with a recovery code",
  },
  "recoveryCodes.renewed": { icon: Shield, text: () => "Made new recovery codes" },
  "signUpPolicy.changed": {
    icon: Settings2,
    text: ({ details }) =>
      details.signUp === "open" ? "Opened sign-up to anybody" : "Made sign-up by invitation",
  },
  "store.adopted": { icon: HardDrive, text: () => "Adopted the store" },
};

export const auditKinds = Object.keys(descriptions) as AuditKind[];

/** An event in words. */
export function describeEvent(event: AuditEvent): {
  icon: LucideIcon;
  text: string;
  warns: boolean;
} {
  const { icon, text, tone } = descriptions[event.kind];
  return { icon, text: text(event), warns: tone === "warning" };
}
