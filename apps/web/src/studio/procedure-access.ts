import {
  libraryAccess,
  type PathsOf,
  type ProcedureAccess,
  usualAccess,
} from "@fermata/server/internal";
import type { StudioRoutes } from "./routes";

const { admins, bySecret, overseen, own, self } = usualAccess;
const open = {
  nobody: "open",
  guest: "open",
  member: "open",
  admin: "open",
  foreign: null,
} as const;

/** Every procedure of the studio's own: one without a line here does not compile. */
export const studioAccess: Record<PathsOf<StudioRoutes>, ProcedureAccess> = {
  "auth.createToken": { ...bySecret, foreign: "UNAUTHENTICATED" },
  "auth.me": { nobody: "own", guest: "own", member: "own", admin: "own", foreign: null },
  "auth.sessions": self,
  "auth.revokeSession": own,
  "auth.createUser": admins,
  "auth.users": admins,
  "auth.invitation": bySecret,
  "auth.acceptInvitation": bySecret,
  // Where an admin opened it; else FORBIDDEN to all alike.
  "auth.signUp": open,
  "auth.changePassword": { ...self, foreign: "UNAUTHENTICATED" },
  "auth.inviteAgain": admins,
  "auth.createResetLink": admins,
  "auth.setRole": admins,
  "auth.setDisabled": admins,
  "auth.resetSecondFactor": admins,
  "auth.belongings": admins,
  "auth.removeUser": admins,
  "auth.secondFactor": self,
  "auth.startSecondFactor": { ...self, foreign: "UNAUTHENTICATED" },
  "auth.confirmSecondFactor": self,
  "auth.renewRecoveryCodes": self,
  "auth.turnOffSecondFactor": self,
  "audit.list": admins,
  "profile.setAvatar": own,
  "profile.setName": self,
  "settings.get": admins,
  "settings.update": admins,
  "settings.public": open,
  "overview.summary": overseen,
  "instruments.create": self,
  "instruments.update": own,
  "instruments.list": self,
  "instruments.get": own,
  "instruments.delete": own,
  "instruments.addMedia": own,
  "instruments.updateMedia": own,
  "instruments.removeMedia": own,
  "instruments.reorderMedia": own,
  "instruments.attachFile": own,
  "instruments.detachFile": own,
  "instruments.publish": own,
  "instruments.getPublic": {
    nobody: "published",
    guest: "published",
    member: "published",
    admin: "published",
    foreign: "null",
  },
};

/** Every procedure that is answered. procedure-access.test.ts holds each to its line, and prints them into docs/threat-model.md. */
export const procedureAccess = { ...studioAccess, ...libraryAccess };
