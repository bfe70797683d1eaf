/** Somebody's account, as an admin sees it. */
export interface Person {
  id: string;
  email: string;
  name: string | null;
  role: "admin" | "member";
  invited: boolean;
  disabledAt: string | null;
  hasSecondFactor: boolean;
}
